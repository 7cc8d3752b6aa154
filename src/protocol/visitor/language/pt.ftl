language = Português (Portugal)
direction = ltr
languages = Idioma

heading = Configurar o seu e-mail
lead = Introduza o seu endereço para ver como configurar o telemóvel ou a aplicação de e-mail.
address = Endereço de e-mail
example = nome
show = Continuar
no-password = Esta página nunca pede a sua palavra-passe.

no-address = Isto não é um endereço de e-mail. Deve ser como { $example }.
did-you-mean = Queria dizer este endereço?
not-served = Não há aqui definições para este domínio. Verifique como está escrito. Se estiver certo, contacte quem lhe deu o endereço.
not-found = Não há nenhuma página neste endereço. Introduza o seu endereço de e-mail para encontrar as suas definições.
wrong-method = Introduza novamente o seu endereço.
no-answer = Algo correu mal. Tente novamente.
moved-to-address = As caixas de correio deste domínio mudaram. Use antes este endereço:
moved-to-host = As caixas de correio deste domínio mudaram. Outro servidor tem as suas definições.
continue-at = Continuar em { $host }

works-here = O Autodiscover funciona aqui
works-how = As aplicações de e-mail enviam um pedido a este endereço e recebem as definições de uma caixa de correio. Um navegador não o consegue fazer, mas há uma página para si.
to-the-settings = Ver as suas definições

which-device = Que dispositivo ou aplicação?
other-app = Outra aplicação
automatic = Automático, 1 min
guided = Passo a passo, 3 min
manual = Manual, 5 min
webmail = Webmail
webmail-cost = Nada a configurar
settings = Todas as definições
other-app-1 = Escolha a configuração manual na sua aplicação e introduza estas definições.
if-in-doubt = Em caso de dúvida, escolha IMAP.
settings-for = Definições de
nothing-offered = Não há nada a configurar para este domínio.
another-address = Outro endereço
no-password-accepted = Estes servidores não aceitam palavra-passe, apenas { $methods }. Uma aplicação que peça uma palavra-passe não os pode usar.

incoming = Correio de entrada
outgoing = Correio de saída
calendar = Calendário
contacts = Contactos
mobilesync = E-mail, calendário e contactos
filters = Filtros
server = Servidor
port = Porta
encryption = Segurança da ligação
unencrypted = Nenhuma
user-name = Nome de utilizador
authentication = Autenticação
password = Palavra-passe normal
certificate = Certificado TLS
no-authentication = Sem autenticação
url = Endereço
copy = Copiar
copied = Copiado
send = Enviar para mim
as-text = Como texto simples

enter-incoming = Introduza o servidor de entrada:
enter-outgoing = Introduza o servidor de saída:
enter-password = Introduza a palavra-passe da sua caixa de correio.
sign-in = Inicie sessão na página que se abre. Se a aplicação pedir antes uma palavra-passe, não pode usar estes servidores.
through-microsoft = O Outlook pode fazer passar o seu correio e a sua palavra-passe pelos servidores da Microsoft.

apple-devices = iPhone, iPad, Mac
profile = Um perfil configura tudo de uma vez. O dispositivo só pede a palavra-passe.
download = Descarregar perfil
scan-profile = Digitalize com a câmara de um iPhone ou iPad
profile-code = Código QR com o endereço do perfil
iphone = iPhone e iPad
iphone-1 = Abra esta página no Safari: outros navegadores não conseguem instalar perfis. Toque em “{ $download }” e depois em “Permitir”.
iphone-2 = Abra as Definições e toque em “Perfil descarregado”, em cima. Se não estiver lá, toque em “Geral” e depois em “VPN e gestão de dispositivos”.
iphone-3 = Toque em “Instalar”, introduza o código do dispositivo e toque novamente em “Instalar”. Aqui “Não assinado” é normal.
iphone-4 = Introduza a palavra-passe da sua caixa de correio quando lhe for pedida.
iphone-note = O dispositivo apaga um perfil que não seja instalado em 8 minutos. Se não o deixar instalar, a proteção de dispositivo roubado está ativa: tente novamente num local conhecido ou desative-a entretanto.
mac = Mac
mac-1 = Descarregue o perfil e abra-o.
mac-2 = Abra as Definições do Sistema, depois “Geral” e “Gestão de dispositivos”. Antes do macOS 15: “Privacidade e segurança”, “Perfis”.
mac-3 = Faça duplo clique no perfil e instale-o. O Mac pede a palavra-passe de um administrador.
signed = Com um perfil assinado
signed-1 = Descarregue antes este: o dispositivo mostra quem o assinou e pede o seu nome, o seu endereço e a sua palavra-passe.
mac-mail = Apple Mail num Mac, sem o perfil
mac-mail-1 = No Mail, escolha “Adicionar conta” no menu Mail e depois “Outra conta de e-mail”.
mac-mail-2 = Introduza o seu nome, o seu endereço e a sua palavra-passe. Se o Mail não encontrar os servidores, pede-os.

scan-account = Digitalize com o Thunderbird no telemóvel
account-code = Código QR com as definições para o Thunderbird para Android
android-install = Instale o Thunderbird no telemóvel e abra-o.
android-scan = Toque em “Iniciar”, adicione uma conta de e-mail, toque no símbolo do código QR e aponte a câmara para o código. Até à versão 21 é “Importar configurações”.
android-import = Confirme a importação e introduza a palavra-passe da sua caixa de correio.
android-add = Toque em “Iniciar”, adicione uma conta de e-mail e introduza o seu endereço. A aplicação encontra as definições sozinha.
gmail-1 = Toque na sua foto de perfil, depois em “Adicionar outra conta” e em “Outro”.
gmail-2 = Introduza o seu endereço, escolha “Pessoal ({ $protocol })” e introduza a sua palavra-passe.
samsung-1 = Adicione uma conta diferente das propostas. Introduza o endereço e a palavra-passe, e escolha a configuração manual com { $protocol }.
davx5 = Calendário e contactos no Android
davx5-1 = Instale o DAVx⁵ e abra-o.
davx5-2 = Adicione uma conta. Escolha o início de sessão com URL e nome de utilizador, e introduza:
davx5-3 = Escolha o que deve ser sincronizado.

outlook-classic = Outlook clássico para Windows
outlook-classic-1 = Feche o Outlook. Procure “Painel de Controlo” no menu Iniciar, abra-o, procure lá “Correio” e abra “Correio (Microsoft Outlook)”.
outlook-classic-2 = Escolha “Contas de E-mail” e depois “Novo”. Se o Outlook nunca foi configurado, escolha antes “Adicionar”.
outlook-classic-3 = Introduza o seu nome, o seu endereço e a sua palavra-passe. O Outlook pergunta a este servidor e encontra as definições.
outlook-classic-4 = Se não as encontrar, escolha a configuração manual.
outlook-new = Novo Outlook para Windows, Outlook para Mac
outlook-new-1 = Abra as definições, escolha “Contas”, depois “Adicionar conta”, e introduza o seu endereço.
outlook-new-2 = Introduza a sua palavra-passe. Se o Outlook não encontrar as definições, escolha { $protocol }.
outlook-mobile = Outlook para Android e iPhone
outlook-mobile-1 = Abra as definições do Outlook, adicione uma conta de e-mail e introduza o seu endereço.
outlook-file = Se o Outlook clássico não encontrar as definições
outlook-file-1 = Crie a pasta C:\autodiscover e guarde lá o ficheiro de definições com o seu próprio nome. Uma segunda transferência recebe outro nome: apague primeiro a anterior.
outlook-file-2 = Descarregue o ficheiro de registo e abra-o. Se o navegador o retiver, escolha “Manter”. Assim o Outlook vai buscar as definições a essa pasta.
outlook-file-3 = Adicione a conta como acima.
settings-file = Ficheiro de definições
registry-file = Ficheiro de registo (.reg)

thunderbird-1 = Instale o Thunderbird e abra-o.
thunderbird-2 = Se já tiver uma conta, abra o menu ≡ e escolha “Nova conta”, depois “E-mail”.
thunderbird-3 = Introduza o seu nome e o seu endereço. O Thunderbird encontra as definições sozinho.
thunderbird-4 = Se não, escolha “Configurar manualmente”.

continue-on-phone = Continue no telemóvel: digitalize com a câmara
page-code = Código QR com o endereço desta página

help = Ajuda: { $provider }
imprint = Aviso legal

profile-description = Definições para { $address } ({ $provider }), sem a palavra-passe.
profile-help = Ajuda: { $url }

running = O autodiscover está a funcionar
version = Versão
valid-and-serves = A configuração é válida. Este anfitrião serve { $domain }.
does-not-serve = A configuração é válida. Não serve { $domain }.
no-domain = A configuração é válida. Este anfitrião não tem nenhum domínio para servir.
faulty = A configuração não pode ser usada. O registo de erros do servidor web diz onde e porquê.
open = Qualquer pessoa pode descarregar a configuração. Bloqueie o acesso no servidor web:
closed = Ninguém pode descarregar a configuração.
not-tested = Não foi possível verificar se alguém pode descarregar a configuração:
untested = Um script verifica se alguém pode descarregar a configuração. Não corre neste navegador.
paths = Caminhos
all-arrive = { $count } de { $total } caminhos chegam a este programa.
arrives = chega a este programa
goes-elsewhere = não chega a este programa; o servidor web responde
no-reply = não foi possível verificar
