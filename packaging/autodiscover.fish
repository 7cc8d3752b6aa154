# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_autodiscover_global_optspecs
    string join \n config= h/help V/version
end

function __fish_autodiscover_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_autodiscover_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_autodiscover_using_subcommand
    set -l cmd (__fish_autodiscover_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c autodiscover -n "__fish_autodiscover_needs_command" -l config -d 'The autodiscover.toml to read, instead of the one that the web server\'s program would find' -r -F
complete -c autodiscover -n "__fish_autodiscover_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c autodiscover -n "__fish_autodiscover_needs_command" -s V -l version -d 'Print version'
complete -c autodiscover -n "__fish_autodiscover_needs_command" -f -a "check" -d 'Reports every problem in every file'
complete -c autodiscover -n "__fish_autodiscover_needs_command" -f -a "show" -d 'Prints what a client would get'
complete -c autodiscover -n "__fish_autodiscover_needs_command" -f -a "dns" -d 'Prints DNS records for a zone file'
complete -c autodiscover -n "__fish_autodiscover_needs_command" -f -a "apache" -d 'Prints an Apache virtual host'
complete -c autodiscover -n "__fish_autodiscover_needs_command" -f -a "registry" -d 'Prints a .reg file for Outlook'
complete -c autodiscover -n "__fish_autodiscover_needs_command" -f -a "explain" -d 'Says where each value comes from, and which client asks which URL'
complete -c autodiscover -n "__fish_autodiscover_needs_command" -f -a "log" -d 'Says which client asked what, what it got, and what to change'
complete -c autodiscover -n "__fish_autodiscover_needs_command" -f -a "export" -d 'Writes what does not depend on the user as files, for a CDN'
complete -c autodiscover -n "__fish_autodiscover_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand check" -l as -d 'The user that the web server runs the program as' -r
complete -c autodiscover -n "__fish_autodiscover_using_subcommand check" -l config -d 'The autodiscover.toml to read, instead of the one that the web server\'s program would find' -r -F
complete -c autodiscover -n "__fish_autodiscover_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand show" -l as -d 'The format to print' -r -f -a "outlook\t'Outlook, Thunderbird and eM Client: Autodiscover POX'
mobilesync\t'Telephones with Exchange ActiveSync: Autodiscover POX'
json\t'Outlook 2016 and later: Autodiscover V2, for the protocol AutodiscoverV1'
autoconfig\t'Thunderbird, K-9, Evolution, KMail: config-v1.1.xml'
mobileconfig\t'iPhone, iPad and Mac: a configuration profile'
pacc\t'PACC: user-agent-configuration.json'
page\t'The page for people'
all\t'Each of these under a heading'"
complete -c autodiscover -n "__fish_autodiscover_using_subcommand show" -l config -d 'The autodiscover.toml to read, instead of the one that the web server\'s program would find' -r -F
complete -c autodiscover -n "__fish_autodiscover_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand dns" -l host -d 'The host name of the web server where this program runs' -r
complete -c autodiscover -n "__fish_autodiscover_using_subcommand dns" -l mx -d 'As --srv, for domains whose MX record names this mail server' -r
complete -c autodiscover -n "__fish_autodiscover_using_subcommand dns" -l and -d 'Print the digest of PACC for another autodiscover.toml beside' -r -F
complete -c autodiscover -n "__fish_autodiscover_using_subcommand dns" -l config -d 'The autodiscover.toml to read, instead of the one that the web server\'s program would find' -r -F
complete -c autodiscover -n "__fish_autodiscover_using_subcommand dns" -l srv -d 'Lead Outlook to the host by SRV alone, without the names below DOMAIN'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand dns" -l json -d 'Print JSON for programs: an array with an object for each domain'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand dns" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand apache" -l config -d 'The autodiscover.toml to read, instead of the one that the web server\'s program would find' -r -F
complete -c autodiscover -n "__fish_autodiscover_using_subcommand apache" -l each -d 'Print a virtual host and a certificate for each domain'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand apache" -l without-pacc -d 'Leave out the names of PACC, a draft that few clients know yet'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand apache" -l behind-proxy -d 'For a server behind a proxy that has the certificate: answer on the plain port'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand apache" -l htaccess -d 'Print the .htaccess for web space without root instead; it is the same for all domains'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand apache" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand registry" -l config -d 'The autodiscover.toml to read, instead of the one that the web server\'s program would find' -r -F
complete -c autodiscover -n "__fish_autodiscover_using_subcommand registry" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand explain" -l config -d 'The autodiscover.toml to read, instead of the one that the web server\'s program would find' -r -F
complete -c autodiscover -n "__fish_autodiscover_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand log" -l config -d 'The autodiscover.toml to read, instead of the one that the web server\'s program would find' -r -F
complete -c autodiscover -n "__fish_autodiscover_using_subcommand log" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand export" -l config -d 'The autodiscover.toml to read, instead of the one that the web server\'s program would find' -r -F
complete -c autodiscover -n "__fish_autodiscover_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand help; and not __fish_seen_subcommand_from check show dns apache registry explain log export help" -f -a "check" -d 'Reports every problem in every file'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand help; and not __fish_seen_subcommand_from check show dns apache registry explain log export help" -f -a "show" -d 'Prints what a client would get'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand help; and not __fish_seen_subcommand_from check show dns apache registry explain log export help" -f -a "dns" -d 'Prints DNS records for a zone file'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand help; and not __fish_seen_subcommand_from check show dns apache registry explain log export help" -f -a "apache" -d 'Prints an Apache virtual host'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand help; and not __fish_seen_subcommand_from check show dns apache registry explain log export help" -f -a "registry" -d 'Prints a .reg file for Outlook'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand help; and not __fish_seen_subcommand_from check show dns apache registry explain log export help" -f -a "explain" -d 'Says where each value comes from, and which client asks which URL'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand help; and not __fish_seen_subcommand_from check show dns apache registry explain log export help" -f -a "log" -d 'Says which client asked what, what it got, and what to change'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand help; and not __fish_seen_subcommand_from check show dns apache registry explain log export help" -f -a "export" -d 'Writes what does not depend on the user as files, for a CDN'
complete -c autodiscover -n "__fish_autodiscover_using_subcommand help; and not __fish_seen_subcommand_from check show dns apache registry explain log export help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
