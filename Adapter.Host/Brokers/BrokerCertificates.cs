using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Adapter.Host.Brokers;

/// <summary>Who may vouch for the broker, and what we show ourselves. Read from files at each connection, so renewed ones are used at the next.</summary>
internal sealed class BrokerCertificates : IDisposable
{
    private readonly X509Certificate2Collection _authorities = [];

    /// <exception cref="System.Security.Cryptography.CryptographicException">A file holds no certificate, or no key for it.</exception>
    public BrokerCertificates(BrokerSettings settings)
    {
        if (settings.TrustedAuthorities is { } authorities)
        {
            _authorities.ImportFromPemFile(authorities);
        }

        Own = settings.ClientCertificate is { } own ? WithUsableKey(own) : null;
    }

    /// <summary>What we show to the broker, or null.</summary>
    public X509Certificate2? Own { get; }

    /// <summary>Judges the broker's certificate: its name must be the host's, and its issuer one of those that are trusted.</summary>
    public bool Trusts(X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (_authorities.Count == 0 || certificate is null || errors != SslPolicyErrors.RemoteCertificateChainErrors)
        {
            return false;
        }

        using var broker = new X509Certificate2(certificate);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        // A private authority rarely publishes where its revocations can be asked for.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(broker);
    }

    public void Dispose()
    {
        Own?.Dispose();
        foreach (var authority in _authorities)
        {
            authority.Dispose();
        }
    }

    /// <summary>TLS on Windows cannot use a key that was read from PEM alone.</summary>
    private static X509Certificate2 WithUsableKey(string file)
    {
        using var fromPem = X509Certificate2.CreateFromPemFile(file);
        return X509CertificateLoader.LoadPkcs12(fromPem.Export(X509ContentType.Pkcs12), password: null);
    }
}
