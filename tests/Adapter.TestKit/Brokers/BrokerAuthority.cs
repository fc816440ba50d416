using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Adapter.TestKit.Brokers;

/// <summary>A private authority with a certificate for a broker on loopback and one for its client, made for one run.</summary>
internal sealed class BrokerAuthority : IDisposable
{
    public const string ClientName = "customs-by-certificate";

    private readonly RSA _serverKey = RSA.Create(2048);
    private readonly RSA _clientKey = RSA.Create(2048);

    private BrokerAuthority(X509Certificate2 root)
    {
        Root = root;
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        ServerCertificate = Issue("CN=localhost", _serverKey, "1.3.6.1.5.5.7.3.1", names);
        ClientCertificate = Issue($"CN={ClientName}", _clientKey, "1.3.6.1.5.5.7.3.2", names: null);
    }

    public X509Certificate2 Root { get; }

    /// <summary>For localhost and 127.0.0.1; without its key.</summary>
    public X509Certificate2 ServerCertificate { get; }

    private X509Certificate2 ClientCertificate { get; }

    public static BrokerAuthority Create()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=authority of a test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return new BrokerAuthority(request.CreateSelfSigned(now.AddHours(-1), now.AddDays(2)));
    }

    /// <summary>The server's certificate with its key, for a listener in this process.</summary>
    public X509Certificate2 ServerWithKey()
    {
        using var withKey = ServerCertificate.CopyWithPrivateKey(_serverKey);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), password: null);
    }

    /// <summary><c>authority.pem</c>, <c>server.pem</c>, <c>server.key</c>, <c>client.pem</c> (with its key).</summary>
    public void WriteTo(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "authority.pem"), Root.ExportCertificatePem() + "\n");
        File.WriteAllText(Path.Combine(folder, "server.pem"), ServerCertificate.ExportCertificatePem() + "\n");
        File.WriteAllText(Path.Combine(folder, "server.key"), _serverKey.ExportPkcs8PrivateKeyPem() + "\n");
        File.WriteAllText(Path.Combine(folder, "client.pem"), $"{ClientCertificate.ExportCertificatePem()}\n{_clientKey.ExportPkcs8PrivateKeyPem()}\n");
    }

    public void Dispose()
    {
        Root.Dispose();
        ServerCertificate.Dispose();
        ClientCertificate.Dispose();
        _serverKey.Dispose();
        _clientKey.Dispose();
    }

    private X509Certificate2 Issue(string subject, RSA key, string usage, SubjectAlternativeNameBuilder? names)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        if (names is not null)
        {
            request.CertificateExtensions.Add(names.Build());
        }

        return request.Create(Root, new DateTimeOffset(Root.NotBefore), new DateTimeOffset(Root.NotAfter), RandomNumberGenerator.GetBytes(8));
    }
}
