language = Português
languages = Idioma

heading = Configurar o seu e-mail
lead = Introduza o seu endereço. Verá depois como configurar o seu telefone ou o seu programa de e-mail.
address = Endereço de e-mail
show = Continuar
no-password = Aqui nunca lhe é pedida a palavra-passe.

no-address = Isto não é um endereço de e-mail. Deve ser como name@example.org.
did-you-mean = Queria dizer este endereço?
not-served = Não há aqui definições para este domínio. Verifique como está escrito; se estiver certo, pergunte a quem lhe deu o endereço.
not-found = Não há nenhuma página neste endereço. Introduza o seu endereço de e-mail para encontrar as definições.
wrong-method = O formulário não chegou como esta página o aceita. Introduza aqui o seu endereço.
no-answer = Não foi possível responder ao pedido. Tente novamente.
moved-to-address = O e-mail deste domínio mudou. Use antes este endereço:
moved-to-host = O e-mail deste domínio mudou. Encontra as suas definições aqui:

works-here = O Autodiscover funciona aqui
works-how = Os programas de e-mail enviam um pedido a este endereço e recebem as definições de uma caixa de correio. Um navegador não consegue perguntar assim, mas há uma página para si.
to-the-settings = Para as definições

which-device = Que dispositivo?
by-hand = À mão
settings-by-hand = Definições à mão
if-in-doubt = Em caso de dúvida, escolha IMAP.
settings-for = Definições de
nothing-offered = Não há nada a configurar para este domínio.
another-address = Outro endereço

incoming = Correio recebido
outgoing = Correio enviado
calendar = Calendário
contacts = Contactos
mobilesync = E-mail, calendário e contactos
filters = Filtros
webmail = E-mail no navegador
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
send = Enviar para si próprio
as-text = Como texto simples

apple-devices = iPhone, iPad, Mac
profile = Um perfil traz todas as definições de uma vez. O seu dispositivo só pede a palavra-passe.
no-profile = Não há perfil: só pode configurar servidores que aceitam uma palavra-passe, e estes não a aceitam.
download = Descarregar o perfil
scan-profile = Leia com a câmara de um iPhone ou iPad
profile-code = Código QR com o endereço do perfil
iphone = iPhone e iPad
iphone-1 = Descarregue o perfil, no Safari se outro navegador não o permitir.
iphone-2 = Abra as Definições, toque em “Perfil descarregado” e depois em “Instalar”.
iphone-3 = Introduza a palavra-passe da sua caixa de correio quando lhe for pedida.
mac = Mac
mac-1 = Descarregue o perfil e abra-o.
mac-2 = Abra as Definições do Sistema, procure “Perfis” e instale lá o perfil.
mac-3 = Introduza a palavra-passe da sua caixa de correio quando lhe for pedida.

scan-account = Leia com o Thunderbird para Android
account-code = Código QR com as definições para o Thunderbird para Android
android-scan = Thunderbird
android-scan-1 = Instale o Thunderbird no telefone e abra-o.
android-scan-2 = Toque em “Importar configurações”, depois em “Ler código QR”, e aponte a câmara para o código.
android-scan-3 = Introduza a palavra-passe da sua caixa de correio.
android = Thunderbird e K-9 Mail
android-1 = Toque em “Adicionar conta” e introduza o seu endereço.
android-2 = A aplicação encontra as definições sozinha. Introduza a sua palavra-passe.
gmail = Gmail
gmail-1 = Toque na sua fotografia, depois em “Adicionar outra conta” e em “Outra”.
gmail-2 = Introduza o seu endereço, escolha “Pessoal (IMAP)” e introduza a sua palavra-passe.
gmail-3 = Introduza o servidor e o nome de utilizador abaixo, primeiro para o correio recebido, depois para o enviado.

outlook-classic = Outlook clássico para Windows
outlook-classic-1 = Feche o Outlook. Abra o Painel de Controlo, depois “Correio (Microsoft Outlook)”, “Contas de E-mail”, “Novo”.
outlook-classic-2 = Introduza o seu nome, o seu endereço e a sua palavra-passe. Assim o Outlook pergunta a este servidor e encontra as definições.
outlook-new = Novo Outlook, Outlook para Mac e em telefones
outlook-new-1 = Escolha “Adicionar conta” e introduza o seu endereço. Estes programas perguntam primeiro a um serviço da Microsoft.
outlook-new-2 = Se este não encontrar as definições abaixo, escolha IMAP ou POP e introduza-as você mesmo.
outlook-file = Se o Outlook clássico não encontrar as definições
outlook-file-1 = Crie a pasta C:\autodiscover e guarde lá o ficheiro de definições.
outlook-file-2 = Abra o ficheiro do registo: com ele o Outlook vai buscar as definições a essa pasta.
outlook-file-3 = Adicione a conta como acima.
settings-file = Ficheiro de definições
registry-file = Ficheiro do registo

thunderbird = Windows, Mac e Linux
thunderbird-1 = Abra o menu ≡ e escolha “Nova conta”, depois “E-mail”.
thunderbird-2 = Introduza o seu nome e o seu endereço. O Thunderbird encontra as definições sozinho.
thunderbird-3 = Se não, escolha “Configurar manualmente” e introduza as definições abaixo.

help-from = Ajuda de
imprint = Aviso legal

runs = O autodiscover funciona
version = Versão
sound-and-serves = A configuração está correta e serve
does-not-serve = A configuração pode ser lida. Não serve
no-domain = A configuração pode ser lida. Este anfitrião não tem domínio para servir.
faulty = A configuração não pode ser usada. O registo de erros do servidor web diz onde e porquê.
open = Qualquer pessoa pode descarregar a configuração. Proíba-o no servidor web:
closed = Ninguém pode descarregar a configuração.
untested = Se a configuração pode ser descarregada é verificado por um script, que não corre neste navegador.
try-next = Experimente a seguir
answers = chega aqui
goes-elsewhere = não chega aqui; o servidor web responde
