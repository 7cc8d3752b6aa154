language = Português (Brasil)
direction = ltr
languages = Idioma

heading = Configure seu e-mail
lead = Digite seu endereço para ver como configurar o celular ou o aplicativo de e-mail.
address = Endereço de e-mail
example = nome
show = Continuar
no-password = Esta página nunca pede sua senha.

no-address = Isto não é um endereço de e-mail. Ele deve ser parecido com { $example }.
did-you-mean = Você quis dizer este endereço?
not-served = Não há configurações para este domínio aqui. Verifique se está escrito corretamente. Se estiver, fale com quem lhe deu o endereço.
not-found = Não há nenhuma página neste endereço. Digite seu endereço de e-mail para encontrar suas configurações.
wrong-method = Digite seu endereço novamente.
no-answer = Algo deu errado. Tente novamente.
moved-to-address = As caixas de correio deste domínio mudaram. Use este endereço:
moved-to-host = As caixas de correio deste domínio mudaram. Outro servidor tem suas configurações.
continue-at = Continuar em { $host }

works-here = O Autodiscover funciona aqui
works-how = Os aplicativos de e-mail enviam uma solicitação a este endereço e recebem as configurações de uma caixa de correio. Um navegador não faz isso, mas há uma página para você.
to-the-settings = Ver suas configurações

which-device = Qual dispositivo ou aplicativo?
other-app = Outro aplicativo
automatic = Automático, 1 min
guided = Passo a passo, 3 min
manual = Manual, 5 min
webmail = Webmail
webmail-cost = Nada a configurar
settings = Todas as configurações
other-app-1 = Escolha a configuração manual no seu aplicativo e digite estas configurações.
if-in-doubt = Em caso de dúvida, escolha IMAP.
settings-for = Configurações de
nothing-offered = Não há nada a configurar para este domínio.
another-address = Outro endereço
no-password-accepted = Estes servidores não aceitam senha, apenas { $methods }. Um aplicativo que peça uma senha não pode usá-los.

incoming = Servidor de entrada
outgoing = Servidor de saída
calendar = Calendário
contacts = Contatos
mobilesync = E-mail, calendário e contatos
filters = Filtros
server = Servidor
port = Porta
encryption = Segurança da conexão
unencrypted = Nenhuma
user-name = Nome de usuário
authentication = Autenticação
password = Senha normal
certificate = Certificado TLS
no-authentication = Sem autenticação
url = Endereço
copy = Copiar
copied = Copiado
send = Enviar para mim
as-text = Como texto simples

enter-incoming = Digite o servidor de entrada:
enter-outgoing = Digite o servidor de saída:
enter-password = Digite a senha da sua caixa de correio.
sign-in = Faça login na página que se abre. Se o aplicativo pedir uma senha, ele não pode usar estes servidores.
through-microsoft = O Outlook pode fazer seus e-mails e sua senha passarem pelos servidores da Microsoft.

apple-devices = iPhone, iPad, Mac
profile = Um perfil configura tudo de uma vez. O dispositivo só pede a senha.
download = Baixar perfil
scan-profile = Escaneie com a câmera de um iPhone ou iPad
profile-code = QR code com o endereço do perfil
iphone = iPhone e iPad
iphone-1 = Abra esta página no Safari: outros navegadores não conseguem instalar perfis. Toque em “{ $download }” e depois em “Permitir”.
iphone-2 = Abra Ajustes e toque em “Perfil Baixado”, no alto. Se não estiver lá, toque em “Geral” e depois em “VPN e Gerenciamento de Dispositivo”.
iphone-3 = Toque em “Instalar”, digite o código do dispositivo e toque novamente em “Instalar”. Aqui “Não Assinado” é normal.
iphone-4 = Digite a senha da sua caixa de correio quando ela for pedida.
iphone-note = O dispositivo apaga um perfil que não seja instalado em 8 minutos. Se ele não permitir a instalação, a proteção de dispositivo roubado está ativada: tente novamente em um local conhecido ou desative-a nesse meio-tempo.
mac = Mac
mac-1 = Baixe o perfil e abra-o.
mac-2 = Abra Ajustes do Sistema, depois “Geral” e “Gerenciamento de Dispositivo”. Antes do macOS 15: “Privacidade e Segurança”, “Perfis”.
mac-3 = Clique duas vezes no perfil e instale-o. O Mac pede a senha de um administrador.
signed = Com um perfil assinado
signed-1 = Baixe este em vez do outro: o dispositivo mostra quem o assinou e pede seu nome, seu endereço e sua senha.
mac-mail = Apple Mail em um Mac, sem o perfil
mac-mail-1 = No Mail, escolha “Adicionar Conta” no menu Mail e depois “Outra Conta do Mail”.
mac-mail-2 = Digite seu nome, seu endereço e sua senha. Se o Mail não encontrar os servidores, ele os pede.

scan-account = Escaneie com o Thunderbird no celular
account-code = QR code com as configurações para o Thunderbird para Android
android-install = Instale o Thunderbird no celular e abra-o.
android-scan = Adicione uma conta de e-mail, toque no símbolo do QR code e aponte a câmera para o código. Até a versão 21, escolha importar as configurações.
android-import = Confirme a importação e digite a senha da sua caixa de correio.
android-add = Adicione uma conta de e-mail e digite seu endereço. O aplicativo encontra as configurações sozinho.
gmail-1 = Toque na sua foto do perfil, depois em “Adicionar outra conta” e em “Outro”.
gmail-2 = Digite seu endereço, escolha “Pessoal ({ $protocol })” e digite sua senha.
samsung-1 = Adicione uma conta diferente das sugeridas. Digite o endereço e a senha, e escolha a configuração manual com { $protocol }.
davx5 = Calendário e contatos no Android
davx5-1 = Instale o DAVx⁵ e abra-o.
davx5-2 = Adicione uma conta. Escolha o login com URL e nome de usuário, e digite:
davx5-3 = Escolha o que deve ser sincronizado.

outlook-classic = Outlook clássico para Windows
outlook-classic-1 = Feche o Outlook. Procure “Painel de Controle” no menu Iniciar, abra-o, procure “Email” nele e abra o item do Microsoft Outlook.
outlook-classic-2 = Escolha “Contas de Email” e depois “Novo”. Se o Outlook nunca foi configurado, escolha “Adicionar”.
outlook-classic-3 = Digite seu nome, seu endereço e sua senha. O Outlook consulta este servidor e encontra as configurações.
outlook-classic-4 = Se não as encontrar, escolha a configuração manual.
outlook-new = Novo Outlook para Windows, Outlook para Mac
outlook-new-1 = Abra as configurações, escolha “Contas”, depois “Adicionar conta”, e digite seu endereço.
outlook-new-2 = Digite sua senha. Se o Outlook não encontrar as configurações, escolha { $protocol }.
outlook-mobile = Outlook para Android e iPhone
outlook-mobile-1 = Abra as configurações do Outlook, adicione uma conta de e-mail e digite seu endereço.
outlook-file = Se o Outlook clássico não encontrar as configurações
outlook-file-1 = Crie a pasta C:\autodiscover e salve nela o arquivo de configurações com o próprio nome. Um segundo download recebe outro nome: apague antes o primeiro.
outlook-file-2 = Baixe o arquivo de registro e abra-o. Se o navegador o retiver, escolha “Manter”. Assim o Outlook usa as configurações dessa pasta.
outlook-file-3 = Adicione a conta como acima.
settings-file = Arquivo de configurações
registry-file = Arquivo de registro (.reg)

thunderbird-1 = Instale o Thunderbird e abra-o.
thunderbird-2 = Se ele já tiver uma conta, abra o menu ≡ e escolha criar uma nova conta de e-mail.
thunderbird-3 = Digite seu nome e seu endereço. O Thunderbird encontra as configurações sozinho.
thunderbird-4 = Se não, escolha “Configurar manualmente”.

continue-on-phone = Continue no celular: escaneie com a câmera
page-code = QR code com o endereço desta página

help = Ajuda: { $provider }
imprint = Aviso legal

profile-description = Configurações para { $address } ({ $provider }), sem a senha.
profile-help = Ajuda: { $url }

running = O autodiscover está em execução
version = Versão
valid-and-serves = A configuração é válida. Este host atende { $domain }.
does-not-serve = A configuração é válida. Ela não atende { $domain }.
no-domain = A configuração é válida. Este host não tem nenhum domínio para atender.
faulty = A configuração não pode ser usada. O log de erros do servidor web diz onde e por quê.
open = Qualquer pessoa pode baixar a configuração. Bloqueie o acesso no servidor web:
closed = Ninguém pode baixar a configuração.
not-tested = Não foi possível verificar se alguém pode baixar a configuração:
untested = Um script verifica se alguém pode baixar a configuração. Ele não é executado neste navegador.
paths = Caminhos
all-arrive = { $count } de { $total } caminhos chegam a este programa.
arrives = chega a este programa
goes-elsewhere = não chega a este programa; o servidor web responde
no-reply = não foi possível verificar
