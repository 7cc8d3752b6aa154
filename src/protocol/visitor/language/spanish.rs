//! Spanish.

use super::{Language, Part};

pub static SPANISH: Language = Language {
    tag: "es",
    name: "Español",
    languages: "Idioma",

    heading: "Configurar su correo",
    lead: "Escriba su dirección. Después verá cómo configurar su teléfono o su programa de correo.",
    address: "Dirección de correo",
    show: "Continuar",
    no_password: "Aquí nunca se le pide su contraseña.",

    no_address: "Esto no es una dirección de correo. Debería ser como name@example.org.",
    did_you_mean: "¿Se refería a esta dirección?",
    not_served: "Aquí no hay ajustes para este dominio. Compruebe cómo está escrito; si es correcto, pregunte a \
                 quien le dio la dirección.",
    not_found: "No hay ninguna página en esta dirección. Escriba su dirección de correo para encontrar sus ajustes.",
    wrong_method: "El formulario no llegó como esta página lo admite. Escriba su dirección aquí.",
    no_answer: "No se pudo responder a la solicitud. Inténtelo de nuevo.",
    moved_to_address: "El correo de este dominio se ha trasladado. Use esta dirección en su lugar:",
    moved_to_host: "El correo de este dominio se ha trasladado. Encontrará sus ajustes aquí:",

    works_here: "Autodiscover funciona aquí",
    works_how: "Los programas de correo envían una solicitud a esta dirección y reciben los ajustes de un buzón. \
                Un navegador no puede preguntar así, pero hay una página para usted.",
    to_the_settings: "A los ajustes",

    which_device: "¿Qué dispositivo?",
    by_hand: "A mano",
    settings_by_hand: "Ajustes a mano",
    if_in_doubt: "En caso de duda, elija IMAP.",
    settings_for: "Ajustes de",
    nothing_offered: "No hay nada que configurar para este dominio.",
    another_address: "Otra dirección",

    incoming: "Correo entrante",
    outgoing: "Correo saliente",
    calendar: "Calendario",
    contacts: "Contactos",
    mobilesync: "Correo, calendario y contactos",
    filters: "Filtros",
    webmail: "Correo en el navegador",
    server: "Servidor",
    port: "Puerto",
    encryption: "Seguridad de la conexión",
    unencrypted: "Ninguno",
    user_name: "Nombre de usuario",
    authentication: "Autentificación",
    password: "Contraseña normal",
    certificate: "Certificado TLS",
    no_authentication: "Sin autentificación",
    url: "Dirección",
    copy: "Copiar",
    copied: "Copiado",
    send: "Enviarse los ajustes",
    as_text: "Como texto sin formato",

    apple_devices: "iPhone, iPad, Mac",
    profile: "Un perfil trae todos los ajustes de una vez. Su dispositivo solo pide la contraseña.",
    no_profile: "No hay perfil: solo puede configurar servidores que aceptan una contraseña, y estos no la aceptan.",
    download: "Descargar el perfil",
    scan_profile: "Escanéelo con un iPhone o un iPad",
    profile_code: "Código QR con la dirección del perfil",
    iphone: Part {
        heading: "iPhone y iPad",
        steps: &[
            "Descargue el perfil, con Safari si otro navegador no lo permite.",
            "Abra Ajustes, toque «Perfil descargado» y después «Instalar».",
            "Escriba la contraseña de su buzón cuando se le pida.",
        ],
    },
    mac: Part {
        heading: "Mac",
        steps: &[
            "Descargue el perfil y ábralo.",
            "Abra Ajustes del Sistema, busque «Perfiles» e instale allí el perfil.",
            "Escriba la contraseña de su buzón cuando se le pida.",
        ],
    },

    scan_account: "Escanéelo con Thunderbird para Android",
    account_code: "Código QR con los ajustes para Thunderbird para Android",
    android_scan: Part {
        heading: "Thunderbird",
        steps: &[
            "Instale Thunderbird en el teléfono y ábralo.",
            "Toque «Importar ajustes», después «Escanear el código QR», y apunte la cámara al código.",
            "Escriba la contraseña de su buzón.",
        ],
    },
    android: Part {
        heading: "Thunderbird y K-9 Mail",
        steps: &[
            "Toque «Añadir cuenta» y escriba su dirección.",
            "La aplicación encuentra los ajustes por sí sola. Escriba su contraseña.",
        ],
    },
    gmail: Part {
        heading: "Gmail",
        steps: &[
            "Toque su foto, después «Añadir otra cuenta» y «Otra».",
            "Escriba su dirección, elija «Personal (IMAP)» y escriba su contraseña.",
            "Escriba el servidor y el nombre de usuario de abajo, primero los del correo entrante y después los del \
             saliente.",
        ],
    },

    outlook_classic: Part {
        heading: "Outlook clásico para Windows",
        steps: &[
            "Cierre Outlook. Abra el Panel de control, después «Correo (Microsoft Outlook)», «Cuentas de correo \
             electrónico», «Nuevo».",
            "Escriba su nombre, su dirección y su contraseña. Así Outlook pregunta a este servidor y encuentra los \
             ajustes.",
        ],
    },
    outlook_new: Part {
        heading: "Nuevo Outlook, Outlook para Mac y en teléfonos",
        steps: &[
            "Elija «Agregar cuenta» y escriba su dirección. Estos programas preguntan primero a un servicio de \
             Microsoft.",
            "Si este no encuentra los ajustes de abajo, elija IMAP o POP y escríbalos usted mismo.",
        ],
    },
    outlook_file: Part {
        heading: "Si Outlook clásico no encuentra los ajustes",
        steps: &[
            "Cree la carpeta C:\\autodiscover y guarde allí el archivo de ajustes.",
            "Abra el archivo del registro: con él, Outlook toma los ajustes de esa carpeta.",
            "Añada la cuenta como arriba.",
        ],
    },
    settings_file: "Archivo de ajustes",
    registry_file: "Archivo del registro",

    thunderbird: Part {
        heading: "Windows, Mac y Linux",
        steps: &[
            "Abra el menú ≡ y elija «Nueva cuenta», después «Correo electrónico».",
            "Escriba su nombre y su dirección. Thunderbird encuentra los ajustes por sí solo.",
            "Si no, elija «Configurar manualmente» y escriba los ajustes de abajo.",
        ],
    },

    help_from: "Ayuda de",
    imprint: "Aviso legal",

    runs: "autodiscover funciona",
    version: "Versión",
    sound_and_serves: "La configuración es correcta y atiende a",
    does_not_serve: "La configuración se puede leer. No atiende a",
    no_domain: "La configuración se puede leer. Este host no tiene un dominio al que atender.",
    faulty: "La configuración no se puede usar. El registro de errores del servidor web dice dónde y por qué.",
    open: "Cualquiera puede descargar la configuración. Prohíbalo en el servidor web:",
    closed: "Nadie puede descargar la configuración.",
    untested: "Si la configuración se puede descargar lo comprueba un script, que no se ejecuta en este navegador.",
    try_next: "Pruebe ahora",
    answers: "llega aquí",
    goes_elsewhere: "no llega aquí; el servidor web responde",
};
