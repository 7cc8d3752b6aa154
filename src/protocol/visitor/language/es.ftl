language = Español
direction = ltr
languages = Idioma

heading = Configure su correo
lead = Escriba su dirección para ver cómo configurar su teléfono o su aplicación de correo.
address = Dirección de correo electrónico
example = nombre
show = Continuar
no-password = Esta página nunca le pide su contraseña.

no-address = Esto no es una dirección de correo. Debería ser como { $example }.
did-you-mean = ¿Quería decir esta dirección?
not-served = Aquí no hay ajustes para este dominio. Compruebe cómo está escrito. Si es correcto, pregunte a quien le dio la dirección.
not-found = No hay ninguna página en esta dirección. Escriba su dirección de correo para encontrar sus ajustes.
wrong-method = Vuelva a escribir su dirección.
no-answer = Algo ha fallado. Inténtelo de nuevo.
moved-to-address = Los buzones de este dominio se han trasladado. Use en su lugar esta dirección:
moved-to-host = Los buzones de este dominio se han trasladado. Otro servidor tiene sus ajustes.
continue-at = Continuar en { $host }

works-here = Autodiscover funciona aquí
works-how = Las aplicaciones de correo envían una solicitud a esta dirección y reciben los ajustes de un buzón. Un navegador no puede hacerlo, pero hay una página para usted.
to-the-settings = Ver sus ajustes

which-device = ¿Qué dispositivo o aplicación?
other-app = Otra aplicación
automatic = Automático, 1 min
guided = Paso a paso, 3 min
manual = Manual, 5 min
webmail = Webmail
webmail-cost = Sin configurar nada
settings = Todos los ajustes
other-app-1 = Elija la configuración manual en su aplicación y escriba estos ajustes.
if-in-doubt = En caso de duda, elija IMAP.
settings-for = Ajustes de
nothing-offered = No hay nada que configurar para este dominio.
another-address = Otra dirección
no-password-accepted = Estos servidores no aceptan contraseñas, solo { $methods }. Una aplicación que pida una contraseña no puede usarlos.

incoming = Correo entrante
outgoing = Correo saliente
calendar = Calendario
contacts = Contactos
mobilesync = Correo, calendario y contactos
filters = Filtros
server = Servidor
port = Puerto
encryption = Seguridad de la conexión
unencrypted = Ninguna
user-name = Nombre de usuario
authentication = Autenticación
password = Contraseña normal
certificate = Certificado TLS
no-authentication = Sin autenticación
url = Dirección
copy = Copiar
copied = Copiado
send = Enviarme esto
as-text = Como texto sin formato

enter-incoming = Escriba el servidor de correo entrante:
enter-outgoing = Escriba el servidor de correo saliente:
enter-password = Escriba la contraseña de su buzón.
sign-in = Inicie sesión en la página que se abre. Si la aplicación pide en cambio una contraseña, no puede usar estos servidores.
through-microsoft = Outlook puede hacer pasar su correo y su contraseña por los servidores de Microsoft.

apple-devices = iPhone, iPad, Mac
profile = Un perfil lo configura todo de una vez. Su dispositivo solo pide la contraseña.
download = Descargar el perfil
scan-profile = Escanee con la cámara de un iPhone o iPad
profile-code = Código QR con la dirección del perfil
iphone = iPhone y iPad
iphone-1 = Abra esta página en Safari: otros navegadores no pueden instalar perfiles. Toque «{ $download }» y después «Permitir».
iphone-2 = Abra Ajustes y toque «Perfil descargado» arriba. Si no está, toque «General» y después «VPN y gestión de dispositivos».
iphone-3 = Toque «Instalar», escriba el código del dispositivo y toque «Instalar» otra vez. Aquí es normal que ponga «No firmado».
iphone-4 = Escriba la contraseña de su buzón cuando se le pida.
iphone-note = El dispositivo elimina un perfil que no se instala en 8 minutos. Si no permite instalarlo, la «Protección en caso de robo del dispositivo» está activada: inténtelo en un lugar conocido o desactívela mientras tanto.
mac = Mac
mac-1 = Descargue el perfil y ábralo.
mac-2 = Abra Ajustes del Sistema, después «General» y «Gestión de dispositivos». Antes de macOS 15: «Privacidad y seguridad», «Perfiles».
mac-3 = Haga doble clic en el perfil e instálelo. El Mac pide la contraseña de un administrador.
signed = Con un perfil firmado
signed-1 = Descargue este en su lugar: el dispositivo muestra quién lo ha firmado y pide su nombre, su dirección y su contraseña.
mac-mail = Apple Mail en un Mac, sin el perfil
mac-mail-1 = En Mail, elija «Añadir cuenta» en el menú Mail y después «Otra cuenta de Mail».
mac-mail-2 = Escriba su nombre, su dirección y su contraseña. Si Mail no encuentra los servidores, los pide.

scan-account = Escanee con Thunderbird en el teléfono
account-code = Código QR con los ajustes para Thunderbird para Android
android-install = Instale Thunderbird en el teléfono y ábralo.
android-scan = Toque «Empezar», añada una cuenta de correo, toque «Escanear código QR» y apunte la cámara al código. Hasta la versión 21 es «Importar ajustes».
android-import = Confirme la importación y escriba la contraseña de su buzón.
android-add = Toque «Empezar», añada una cuenta de correo y escriba su dirección. La aplicación encuentra los ajustes por sí sola.
gmail-1 = Toque su foto de perfil, después «Añadir otra cuenta» y «Otra».
gmail-2 = Escriba su dirección, elija «Personal ({ $protocol })» y escriba su contraseña.
samsung-1 = Añada una cuenta distinta de las propuestas. Escriba su dirección y su contraseña, y elija la configuración manual con { $protocol }.
davx5 = Calendario y contactos en Android
davx5-1 = Instale DAVx⁵ y ábralo.
davx5-2 = Añada una cuenta. Elija el inicio de sesión con URL y nombre de usuario, y escriba:
davx5-3 = Elija qué sincronizar.

outlook-classic = Outlook clásico para Windows
outlook-classic-1 = Cierre Outlook. Busque «Panel de control» en el menú Inicio, ábralo, busque allí «Correo» y abra «Correo (Microsoft Outlook)».
outlook-classic-2 = Elija «Cuentas de correo electrónico» y después «Nuevo». Si Outlook nunca se ha configurado, elija en su lugar «Agregar».
outlook-classic-3 = Escriba su nombre, su dirección y su contraseña. Outlook pregunta a este servidor y encuentra los ajustes.
outlook-classic-4 = Si no los encuentra, elija la configuración manual.
outlook-new = Nuevo Outlook para Windows, Outlook para Mac
outlook-new-1 = Abra la configuración, elija «Cuentas», después «Agregar cuenta», y escriba su dirección.
outlook-new-2 = Escriba su contraseña. Si Outlook no encuentra los ajustes, elija { $protocol }.
outlook-mobile = Outlook para Android y iPhone
outlook-mobile-1 = Abra la configuración de Outlook, agregue una cuenta de correo y escriba su dirección.
outlook-file = Si Outlook clásico no encuentra los ajustes
outlook-file-1 = Cree la carpeta C:\autodiscover y guarde allí el archivo de ajustes con su propio nombre. Una segunda descarga recibe otro nombre: elimine antes la primera.
outlook-file-2 = Descargue el archivo del registro y ábralo. Si el navegador lo retiene, elija «Conservar». Así Outlook toma los ajustes de esa carpeta.
outlook-file-3 = Añada la cuenta como se indica arriba.
settings-file = Archivo de ajustes
registry-file = Archivo del registro (.reg)

thunderbird-1 = Instale Thunderbird y ábralo.
thunderbird-2 = Si ya tiene una cuenta, abra el menú ≡ y elija «Nueva cuenta», después «Correo electrónico».
thunderbird-3 = Escriba su nombre y su dirección. Thunderbird encuentra los ajustes por sí solo.
thunderbird-4 = Si no, elija «Configurar manualmente».

continue-on-phone = Continúe en su teléfono: escanee con la cámara
page-code = Código QR con la dirección de esta página

help = Ayuda de { $provider }
imprint = Aviso legal

profile-description = Ajustes de { $provider } para { $address }, sin la contraseña.
profile-help = Ayuda: { $url }

running = autodiscover está en marcha
version = Versión
valid-and-serves = La configuración es válida. Este host da servicio a { $domain }.
does-not-serve = La configuración es válida. No da servicio a { $domain }.
no-domain = La configuración es válida. Este host no tiene ningún dominio al que dar servicio.
faulty = La configuración no se puede usar. El registro de errores del servidor web dice dónde y por qué.
open = Cualquiera puede descargar la configuración. Bloquee el acceso en el servidor web:
closed = Nadie puede descargar la configuración.
not-tested = No se pudo comprobar si alguien puede descargar la configuración:
untested = Un script comprueba si alguien puede descargar la configuración. No se ejecuta en este navegador.
paths = Rutas
all-arrive = { $count } de { $total } rutas llegan a este programa.
arrives = llega a este programa
goes-elsewhere = no llega a este programa; el servidor web responde
no-reply = no se pudo comprobar
