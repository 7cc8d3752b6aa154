#!/usr/bin/php-cgi
<?php
// The same job in PHP: parse the request, answer with the settings of two servers.
$request = simplexml_load_string(file_get_contents('php://input'));
$address = htmlspecialchars(trim((string) $request->Request->EMailAddress), ENT_XML1 | ENT_QUOTES);
$domain = substr(strrchr($address, '@'), 1);

function block($type, $port)
{
    global $address, $domain;
    return "<Protocol><Type>$type</Type><Server>" . strtolower($type) . ".$domain</Server><Port>$port</Port>"
        . "<LoginName>$address</LoginName><DomainRequired>off</DomainRequired><SPA>off</SPA>"
        . '<SSL>on</SSL><Encryption>SSL</Encryption><AuthRequired>on</AuthRequired></Protocol>';
}

header('Content-Type: text/xml; charset=utf-8');
echo '<?xml version="1.0" encoding="utf-8"?>',
    '<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">',
    '<Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">',
    '<Account><AccountType>email</AccountType><Action>settings</Action>',
    block('IMAP', 993), block('SMTP', 465), '</Account></Response></Autodiscover>';
