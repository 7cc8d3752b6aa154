//! Portuguese; where Portugal and Brazil differ, that of Portugal, as is Thunderbird's `pt-PT`.

use super::{Language, Part};

pub static PORTUGUESE: Language = Language {
    tag: "pt",
    name: "Português",
    languages: "Idioma",

    heading: "Configurar o seu e-mail",
    lead: "Introduza o seu endereço. Verá depois como configurar o seu telefone ou o seu programa de e-mail.",
    address: "Endereço de e-mail",
    show: "Continuar",
    no_password: "Aqui nunca lhe é pedida a palavra-passe.",

    no_address: "Isto não é um endereço de e-mail. Deve ser como name@example.org.",
    did_you_mean: "Queria dizer este endereço?",
    not_served: "Não há aqui definições para este domínio. Verifique como está escrito; se estiver certo, pergunte a \
                 quem lhe deu o endereço.",
    not_found: "Não há nenhuma página neste endereço. Introduza o seu endereço de e-mail para encontrar as definições.",
    wrong_method: "O formulário não chegou como esta página o aceita. Introduza aqui o seu endereço.",
    no_answer: "Não foi possível responder ao pedido. Tente novamente.",
    moved_to_address: "O e-mail deste domínio mudou. Use antes este endereço:",
    moved_to_host: "O e-mail deste domínio mudou. Encontra as suas definições aqui:",

    works_here: "O Autodiscover funciona aqui",
    works_how: "Os programas de e-mail enviam um pedido a este endereço e recebem as definições de uma caixa de \
                correio. Um navegador não consegue perguntar assim, mas há uma página para si.",
    to_the_settings: "Para as definições",

    which_device: "Que dispositivo?",
    by_hand: "À mão",
    settings_by_hand: "Definições à mão",
    if_in_doubt: "Em caso de dúvida, escolha IMAP.",
    settings_for: "Definições de",
    nothing_offered: "Não há nada a configurar para este domínio.",
    another_address: "Outro endereço",

    incoming: "Correio recebido",
    outgoing: "Correio enviado",
    calendar: "Calendário",
    contacts: "Contactos",
    mobilesync: "E-mail, calendário e contactos",
    filters: "Filtros",
    webmail: "E-mail no navegador",
    server: "Servidor",
    port: "Porta",
    encryption: "Segurança da ligação",
    unencrypted: "Nenhuma",
    user_name: "Nome de utilizador",
    authentication: "Autenticação",
    password: "Palavra-passe normal",
    certificate: "Certificado TLS",
    no_authentication: "Sem autenticação",
    url: "Endereço",
    copy: "Copiar",
    copied: "Copiado",
    send: "Enviar para si próprio",
    as_text: "Como texto simples",

    apple_devices: "iPhone, iPad, Mac",
    profile: "Um perfil traz todas as definições de uma vez. O seu dispositivo só pede a palavra-passe.",
    no_profile: "Não há perfil: só pode configurar servidores que aceitam uma palavra-passe, e estes não a aceitam.",
    download: "Descarregar o perfil",
    scan_profile: "Leia com a câmara de um iPhone ou iPad",
    profile_code: "Código QR com o endereço do perfil",
    iphone: Part {
        heading: "iPhone e iPad",
        steps: &[
            "Descarregue o perfil, no Safari se outro navegador não o permitir.",
            "Abra as Definições, toque em “Perfil descarregado” e depois em “Instalar”.",
            "Introduza a palavra-passe da sua caixa de correio quando lhe for pedida.",
        ],
    },
    mac: Part {
        heading: "Mac",
        steps: &[
            "Descarregue o perfil e abra-o.",
            "Abra as Definições do Sistema, procure “Perfis” e instale lá o perfil.",
            "Introduza a palavra-passe da sua caixa de correio quando lhe for pedida.",
        ],
    },

    scan_account: "Leia com o Thunderbird para Android",
    account_code: "Código QR com as definições para o Thunderbird para Android",
    android_scan: Part {
        heading: "Thunderbird",
        steps: &[
            "Instale o Thunderbird no telefone e abra-o.",
            "Toque em “Importar configurações”, depois em “Ler código QR”, e aponte a câmara para o código.",
            "Introduza a palavra-passe da sua caixa de correio.",
        ],
    },
    android: Part {
        heading: "Thunderbird e K-9 Mail",
        steps: &[
            "Toque em “Adicionar conta” e introduza o seu endereço.",
            "A aplicação encontra as definições sozinha. Introduza a sua palavra-passe.",
        ],
    },
    gmail: Part {
        heading: "Gmail",
        steps: &[
            "Toque na sua fotografia, depois em “Adicionar outra conta” e em “Outra”.",
            "Introduza o seu endereço, escolha “Pessoal (IMAP)” e introduza a sua palavra-passe.",
            "Introduza o servidor e o nome de utilizador abaixo, primeiro para o correio recebido, depois para o \
             enviado.",
        ],
    },

    outlook_classic: Part {
        heading: "Outlook clássico para Windows",
        steps: &[
            "Feche o Outlook. Abra o Painel de Controlo, depois “Correio (Microsoft Outlook)”, “Contas de E-mail”, \
             “Novo”.",
            "Introduza o seu nome, o seu endereço e a sua palavra-passe. Assim o Outlook pergunta a este servidor e \
             encontra as definições.",
        ],
    },
    outlook_new: Part {
        heading: "Novo Outlook, Outlook para Mac e em telefones",
        steps: &[
            "Escolha “Adicionar conta” e introduza o seu endereço. Estes programas perguntam primeiro a um serviço da \
             Microsoft.",
            "Se este não encontrar as definições abaixo, escolha IMAP ou POP e introduza-as você mesmo.",
        ],
    },
    outlook_file: Part {
        heading: "Se o Outlook clássico não encontrar as definições",
        steps: &[
            "Crie a pasta C:\\autodiscover e guarde lá o ficheiro de definições.",
            "Abra o ficheiro do registo: com ele o Outlook vai buscar as definições a essa pasta.",
            "Adicione a conta como acima.",
        ],
    },
    settings_file: "Ficheiro de definições",
    registry_file: "Ficheiro do registo",

    thunderbird: Part {
        heading: "Windows, Mac e Linux",
        steps: &[
            "Abra o menu ≡ e escolha “Nova conta”, depois “E-mail”.",
            "Introduza o seu nome e o seu endereço. O Thunderbird encontra as definições sozinho.",
            "Se não, escolha “Configurar manualmente” e introduza as definições abaixo.",
        ],
    },

    help_from: "Ajuda de",
    imprint: "Aviso legal",

    runs: "O autodiscover funciona",
    version: "Versão",
    sound_and_serves: "A configuração está correta e serve",
    does_not_serve: "A configuração pode ser lida. Não serve",
    no_domain: "A configuração pode ser lida. Este anfitrião não tem domínio para servir.",
    faulty: "A configuração não pode ser usada. O registo de erros do servidor web diz onde e porquê.",
    open: "Qualquer pessoa pode descarregar a configuração. Proíba-o no servidor web:",
    closed: "Ninguém pode descarregar a configuração.",
    untested: "Se a configuração pode ser descarregada é verificado por um script, que não corre neste navegador.",
    try_next: "Experimente a seguir",
    answers: "chega aqui",
    goes_elsewhere: "não chega aqui; o servidor web responde",
};
