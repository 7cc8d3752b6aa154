#!/usr/bin/perl
# The same job in Perl, without any module: find the address, answer with the settings of two servers.
use strict;
use warnings;

read STDIN, my $body, $ENV{CONTENT_LENGTH};
my ($address) = $body =~ m{<EMailAddress>\s*([^<\s]+)\s*</EMailAddress>} or die 'no address';
my ($domain) = $address =~ /@(.+)$/;

sub block {
    my ($type, $port) = @_;
    return "<Protocol><Type>$type</Type><Server>" . lc($type) . ".$domain</Server><Port>$port</Port>"
        . "<LoginName>$address</LoginName><DomainRequired>off</DomainRequired><SPA>off</SPA>"
        . '<SSL>on</SSL><Encryption>SSL</Encryption><AuthRequired>on</AuthRequired></Protocol>';
}

my $answer = '<?xml version="1.0" encoding="utf-8"?>'
    . '<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">'
    . '<Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">'
    . '<Account><AccountType>email</AccountType><Action>settings</Action>'
    . block('IMAP', 993) . block('SMTP', 465) . '</Account></Response></Autodiscover>';
print "Content-Type: text/xml; charset=utf-8\r\nContent-Length: ", length $answer, "\r\n\r\n", $answer;
