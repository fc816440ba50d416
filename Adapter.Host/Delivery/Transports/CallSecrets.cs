using System.Text;
using Adapter.Contracts.Admin;

namespace Adapter.Host.Delivery.Transports;

/// <summary>The secrets of one attempt, read for it and forgotten after it.</summary>
/// <param name="Password">Of the destination's credentials; null without any.</param>
/// <param name="Headers">The destination's HTTP headers with their references resolved.</param>
/// <param name="Texts">What must not be stored if the receiver repeats it in its answer.</param>
internal sealed record CallSecrets(string? Password, IReadOnlyList<(string Name, string Value)> Headers, IReadOnlyList<string> Texts)
{
    /// <summary>Shorter texts would blacken answers that have nothing to do with them.</summary>
    private const int ShortestElided = 4;

    private static readonly byte[] Elided = "[elided]"u8.ToArray();

    /// <exception cref="OutboundSecretException">A secret cannot be read.</exception>
    public static CallSecrets Of(Destination destination, OutboundSecrets secrets)
    {
        var headers = new List<(string, string)>();
        var texts = new List<string>();
        foreach (var (name, value) in destination.Headers)
        {
            var resolved = OutboundSecrets.IsReference(value) ? secrets.Read(value) : value;
            headers.Add((name, resolved));
            if (!ReferenceEquals(resolved, value))
            {
                texts.Add(resolved);
            }
        }

        if (destination.Credentials is not { } credentials)
        {
            return new CallSecrets(null, headers, texts);
        }

        var password = secrets.Read(credentials.Password);
        texts.Add(password);
        if (credentials.Scheme == CredentialScheme.Basic)
        {
            var token = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.User}:{password}"));
            headers.Add(("Authorization", "Basic " + token));
            texts.Add(token);
        }

        return new CallSecrets(password, headers, texts);
    }

    /// <summary>The answer without the secrets, should a receiver repeat the request in it.</summary>
    public ReadOnlyMemory<byte> Elide(ReadOnlyMemory<byte> reply)
    {
        foreach (var text in Texts.Where(text => text.Length >= ShortestElided))
        {
            var secret = Encoding.UTF8.GetBytes(text);
            while (reply.Span.IndexOf(secret) is var at and >= 0)
            {
                reply = (byte[])[.. reply.Span[..at], .. Elided, .. reply.Span[(at + secret.Length)..]];
            }
        }

        return reply;
    }
}
