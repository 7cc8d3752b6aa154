language = Español
languages = Idioma

heading = Configurar su correo
lead = Escriba su dirección. Después verá cómo configurar su teléfono o su programa de correo.
address = Dirección de correo
show = Continuar
no-password = Aquí nunca se le pide su contraseña.

no-address = Esto no es una dirección de correo. Debería ser como name@example.org.
did-you-mean = ¿Se refería a esta dirección?
not-served = Aquí no hay ajustes para este dominio. Compruebe cómo está escrito; si es correcto, pregunte a quien le dio la dirección.
not-found = No hay ninguna página en esta dirección. Escriba su dirección de correo para encontrar sus ajustes.
wrong-method = El formulario no llegó como esta página lo admite. Escriba su dirección aquí.
no-answer = No se pudo responder a la solicitud. Inténtelo de nuevo.
moved-to-address = El correo de este dominio se ha trasladado. Use esta dirección en su lugar:
moved-to-host = El correo de este dominio se ha trasladado. Encontrará sus ajustes aquí:

works-here = Autodiscover funciona aquí
works-how = Los programas de correo envían una solicitud a esta dirección y reciben los ajustes de un buzón. Un navegador no puede preguntar así, pero hay una página para usted.
to-the-settings = A los ajustes

which-device = ¿Qué dispositivo?
by-hand = A mano
settings-by-hand = Ajustes a mano
if-in-doubt = En caso de duda, elija IMAP.
settings-for = Ajustes de
nothing-offered = No hay nada que configurar para este dominio.
another-address = Otra dirección

incoming = Correo entrante
outgoing = Correo saliente
calendar = Calendario
contacts = Contactos
mobilesync = Correo, calendario y contactos
filters = Filtros
webmail = Correo en el navegador
server = Servidor
port = Puerto
encryption = Seguridad de la conexión
unencrypted = Ninguno
user-name = Nombre de usuario
authentication = Autentificación
password = Contraseña normal
certificate = Certificado TLS
no-authentication = Sin autentificación
url = Dirección
copy = Copiar
copied = Copiado
send = Enviarse los ajustes
as-text = Como texto sin formato

apple-devices = iPhone, iPad, Mac
profile = Un perfil trae todos los ajustes de una vez. Su dispositivo solo pide la contraseña.
no-profile = No hay perfil: solo puede configurar servidores que aceptan una contraseña, y estos no la aceptan.
download = Descargar el perfil
scan-profile = Escanéelo con un iPhone o un iPad
profile-code = Código QR con la dirección del perfil
iphone = iPhone y iPad
iphone-1 = Descargue el perfil, con Safari si otro navegador no lo permite.
iphone-2 = Abra Ajustes, toque «Perfil descargado» y después «Instalar».
iphone-3 = Escriba la contraseña de su buzón cuando se le pida.
mac = Mac
mac-1 = Descargue el perfil y ábralo.
mac-2 = Abra Ajustes del Sistema, busque «Perfiles» e instale allí el perfil.
mac-3 = Escriba la contraseña de su buzón cuando se le pida.

scan-account = Escanéelo con Thunderbird para Android
account-code = Código QR con los ajustes para Thunderbird para Android
android-scan = Thunderbird
android-scan-1 = Instale Thunderbird en el teléfono y ábralo.
android-scan-2 = Toque «Importar ajustes», después «Escanear el código QR», y apunte la cámara al código.
android-scan-3 = Escriba la contraseña de su buzón.
android = Thunderbird y K-9 Mail
android-1 = Toque «Añadir cuenta» y escriba su dirección.
android-2 = La aplicación encuentra los ajustes por sí sola. Escriba su contraseña.
gmail = Gmail
gmail-1 = Toque su foto, después «Añadir otra cuenta» y «Otra».
gmail-2 = Escriba su dirección, elija «Personal (IMAP)» y escriba su contraseña.
gmail-3 = Escriba el servidor y el nombre de usuario de abajo, primero los del correo entrante y después los del saliente.

outlook-classic = Outlook clásico para Windows
outlook-classic-1 = Cierre Outlook. Abra el Panel de control, después «Correo (Microsoft Outlook)», «Cuentas de correo electrónico», «Nuevo».
outlook-classic-2 = Escriba su nombre, su dirección y su contraseña. Así Outlook pregunta a este servidor y encuentra los ajustes.
outlook-new = Nuevo Outlook, Outlook para Mac y en teléfonos
outlook-new-1 = Elija «Agregar cuenta» y escriba su dirección. Estos programas preguntan primero a un servicio de Microsoft.
outlook-new-2 = Si este no encuentra los ajustes de abajo, elija IMAP o POP y escríbalos usted mismo.
outlook-file = Si Outlook clásico no encuentra los ajustes
outlook-file-1 = Cree la carpeta C:\autodiscover y guarde allí el archivo de ajustes.
outlook-file-2 = Abra el archivo del registro: con él, Outlook toma los ajustes de esa carpeta.
outlook-file-3 = Añada la cuenta como arriba.
settings-file = Archivo de ajustes
registry-file = Archivo del registro

thunderbird = Windows, Mac y Linux
thunderbird-1 = Abra el menú ≡ y elija «Nueva cuenta», después «Correo electrónico».
thunderbird-2 = Escriba su nombre y su dirección. Thunderbird encuentra los ajustes por sí solo.
thunderbird-3 = Si no, elija «Configurar manualmente» y escriba los ajustes de abajo.

help-from = Ayuda de
imprint = Aviso legal

runs = autodiscover funciona
version = Versión
sound-and-serves = La configuración es correcta y atiende a
does-not-serve = La configuración se puede leer. No atiende a
no-domain = La configuración se puede leer. Este host no tiene un dominio al que atender.
faulty = La configuración no se puede usar. El registro de errores del servidor web dice dónde y por qué.
open = Cualquiera puede descargar la configuración. Prohíbalo en el servidor web:
closed = Nadie puede descargar la configuración.
untested = Si la configuración se puede descargar lo comprueba un script, que no se ejecuta en este navegador.
try-next = Pruebe ahora
answers = llega aquí
goes-elsewhere = no llega aquí; el servidor web responde
