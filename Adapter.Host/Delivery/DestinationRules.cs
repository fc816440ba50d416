using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Transports;

namespace Adapter.Host.Delivery;

/// <summary>What a destination must be; the settings and the API call the same rules.</summary>
internal static class DestinationRules
{
    private static readonly HashSet<string> Ours = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Connection", "Content-Length", "Content-Type", "Expect", "Host", "SOAPAction", "Transfer-Encoding", "Upgrade",
    };

    /// <param name="setting">How the texts name the destination.</param>
    /// <returns>What is wrong, each with the remedy; empty when nothing is.</returns>
    public static IEnumerable<string> Check(string setting, string name, Destination seed)
    {
        if (name.Length is < 1 or > 35 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            yield return $"{setting}: a name has 1 to 35 letters, digits and hyphens.";
        }

        foreach (var problem in seed.Transport == SoapTransportKind.Pull ? CheckPulled(setting, seed) : CheckCalled(setting, seed))
        {
            yield return problem;
        }

        if (seed.Endpoint is { IsAbsoluteUri: true, UserInfo.Length: > 0 })
        {
            yield return $"{setting}:Endpoint: an address with a user in it shows a password to everybody who reads it. Use Credentials.";
        }

        if (string.IsNullOrWhiteSpace(seed.Document))
        {
            yield return $"{setting}:Document: name the mapping document that makes its messages.";
        }

        if (seed.Answer is { } answer && (answer is not { Root.Length: > 0, Id.Length: > 0, Code.Length: > 0, Accepted.Count: > 0 } || answer.Acknowledged.Count > 0 || answer.OneWay))
        {
            yield return $"{setting}:Answer: give Root, Id, Code and at least one Accepted code, and no Acknowledged ones: this is the answer that decides.";
        }

        if (seed.Settles == Settlement.Business && (seed.Answer is null || seed.Reply is not ({ Acknowledged.Count: > 0 } or { OneWay: true })))
        {
            yield return $"{setting}:Settles: Business needs Answer, and codes in Reply:Acknowledged: without them nothing would ever wait for an answer.";
        }

        if (seed.AnswerWithin < TimeSpan.FromSeconds(1) || seed.AnswerWithin > TimeSpan.FromDays(30))
        {
            yield return $"{setting}:AnswerWithin lies between a second and 30 days.";
        }

        if (seed.Inquiry is { } inquiry && (inquiry.Known.Count == 0 || inquiry.Unknown.Count == 0
            || new[] { inquiry.Request, inquiry.RequestId, inquiry.Reply, inquiry.ReplyId, inquiry.ReplyCode }.Any(string.IsNullOrEmpty)))
        {
            yield return $"{setting}:Inquiry: give Request, RequestId, Reply, ReplyId, ReplyCode and at least one code each in Known and Unknown.";
        }

        if (seed.MaxAttempts is < 1 or > 100 || seed.Concurrency is < 1 or > 256)
        {
            yield return $"{setting}: MaxAttempts lies between 1 and 100, Concurrency between 1 and 256.";
        }

        if (seed.ConnectTimeout < TimeSpan.FromMilliseconds(100) || seed.AttemptTimeout < seed.ConnectTimeout || seed.AttemptTimeout > TimeSpan.FromMinutes(5))
        {
            yield return $"{setting}: ConnectTimeout is at least 100 ms, AttemptTimeout at least ConnectTimeout and at most 5 minutes.";
        }

        if (seed.Overtakes.FirstOrDefault(kind => kind is "SEAL" or "UNSEAL" or "DEPARTURE" or "ARRIVAL") is { } milestone)
        {
            yield return $"{setting}:Overtakes: {milestone} says where a journey stands and keeps its place. Name kinds of alarm, such as ROPE_CUT.";
        }

        if (seed.CoalescesPositions && !seed.Subscribes.Contains("POSITION"))
        {
            yield return $"{setting}:CoalescesPositions: it receives no positions. Add POSITION to Subscribes, or leave this out.";
        }

        if (seed.Offices.Any(office => office is not { Length: >= 1 and <= 17 }))
        {
            yield return $"{setting}:Offices: give codes of offices as registrations have them, 1 to 17 characters.";
        }

        if (seed.PerMinute is < 1 or > 60_000)
        {
            yield return $"{setting}:PerMinute lies between 1 and 60000, or is left out.";
        }

        if (seed.Probe is { } probe && (seed.Endpoint is null || !probe.IsAbsoluteUri || probe.Authority != seed.Endpoint.Authority || probe.Scheme != seed.Endpoint.Scheme))
        {
            yield return $"{setting}:Probe: give an absolute address on the endpoint's own server.";
        }

        if (seed.Credentials is { } credentials)
        {
            if (string.IsNullOrEmpty(credentials.User) || credentials.Password is null || !OutboundSecrets.IsReference(credentials.Password))
            {
                yield return $"{setting}:Credentials: give User, and Password as a reference: env:{OutboundSecrets.EnvironmentPrefix}NAME or file:NAME.";
            }

            if (credentials.Scheme != CredentialScheme.UsernameTokenDigest && seed.Endpoint is { IsAbsoluteUri: true, Scheme: "http", IsLoopback: false })
            {
                yield return $"{setting}:Credentials: {credentials.Scheme} shows the password to everybody on the way. Use https, or UsernameTokenDigest.";
            }
        }

        foreach (var (header, value) in seed.Headers)
        {
            if (header.Length == 0 || !header.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || value is null || value.Any(char.IsControl))
            {
                yield return $"{setting}:Headers:{header}: a header's name has letters, digits, - and _, and its value no control characters.";
            }
            else if (Ours.Contains(header))
            {
                yield return $"{setting}:Headers:{header}: the adapter sets this header itself. Leave it out.";
            }
        }
    }

    private static IEnumerable<string> CheckCalled(string setting, Destination seed)
    {
        if (seed.Endpoint is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            yield return $"{setting}:Endpoint: give the absolute http or https address of the SOAP endpoint.";
        }

        if (seed.Reply is not { OneWay: true } && (seed.Reply is not { Root.Length: > 0, Id.Length: > 0, Code.Length: > 0 } || seed.Reply.Accepted.Count + seed.Reply.Acknowledged.Count == 0))
        {
            yield return $"{setting}:Reply: give Root, Id, Code and at least one Accepted or Acknowledged code, or OneWay where the receiver answers nothing; without them no answer can be judged.";
        }

        if (seed.Pull is not null)
        {
            yield return $"{setting}:Pull is for destinations with Transport Pull. Leave one of the two out.";
        }
    }

    /// <summary>What it would need to be called is refused: it would look as if it did something.</summary>
    private static IEnumerable<string> CheckPulled(string setting, Destination seed)
    {
        if (seed.Pull is not { Callers.Count: > 0 } pull || pull.Callers.Any(string.IsNullOrWhiteSpace))
        {
            yield return $"{setting}:Pull:Callers: name the principals that fetch the messages.";
        }

        if (seed.Pull?.Lease is { } lease && (lease < TimeSpan.FromSeconds(5) || lease > TimeSpan.FromHours(1)))
        {
            yield return $"{setting}:Pull:Lease lies between 5 seconds and an hour.";
        }

        if (seed.Endpoint is not null || seed.Reply is not null || seed.Inquiry is not null || seed.Answer is not null || seed.Probe is not null || seed.Credentials is not null
            || seed.ClientCertificate is not null || seed.Overtakes.Count > 0 || seed.Headers.Count > 0)
        {
            yield return $"{setting}: a destination that fetches its messages has no Endpoint, Reply, Inquiry, Answer, Probe, Credentials, ClientCertificate, Overtakes and Headers. Leave them out.";
        }
    }
}
