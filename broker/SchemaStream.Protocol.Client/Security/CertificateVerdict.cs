using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace SchemaStream.Protocol.Client.Security;

/// <summary>What one handshake finds of the broker's certificate, so that its refusal can say why.</summary>
internal sealed class CertificateVerdict
{
    private SslPolicyErrors _errors;
    private string _subject = "";
    private string _issuer = "";
    private string _names = "";
    private string _reasons = "";

    /// <summary>Hears the errors that count.</summary>
    /// <returns>Whether there are none.</returns>
    public bool Take(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        _errors = errors;
        if (errors != SslPolicyErrors.None)
        {
            (_subject, _issuer) = (certificate?.Subject ?? "", certificate?.Issuer ?? "");
            _names = certificate is X509Certificate2 readable ? NamesOf(readable) : _subject;
            _reasons = string.Join(
                "; ", (chain?.ChainStatus ?? []).Select(status => $"{status.Status}: {status.StatusInformation.Trim()}").Distinct());
        }

        return errors == SslPolicyErrors.None;
    }

    /// <summary>Why the handshake came to nothing.</summary>
    /// <param name="address">Whom it was with.</param>
    /// <param name="failure">What it said itself.</param>
    public KafkaAuthenticationException Explain(string address, AuthenticationException failure) => _errors switch
    {
        SslPolicyErrors.None => new(
            $"{address} and this client came to no TLS connection: {failure.GetBaseException().Message}", RefusalKind.Encryption, failure),
        SslPolicyErrors.RemoteCertificateNameMismatch => new(
            $"{address} showed a certificate of {_names}, which is not the name that it was connected to by", RefusalKind.HostName, failure),
        _ => new(
            $"{address} showed a certificate that no trusted authority stands for ({_subject}, issued by {_issuer}): {_reasons}",
            RefusalKind.Authority, failure),
    };

    private static string NamesOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(address => address.ToString())));
        return string.Join(", ", names.DefaultIfEmpty(certificate.Subject));
    }
}
