using System.Text.Json.Serialization;

namespace Adapter.Contracts.Admin;

/// <summary>A system that receives messages: what it wants, how it is reached and how its answers are read.</summary>
/// <remarks>Kept in the store, seeded from configuration <c>Destinations:{name}</c>. Holds references to secrets, never secrets.</remarks>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record Destination
{
    /// <summary>1 to 35 letters, digits and hyphens. Part of every message id, so it never changes.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is called; null where it fetches its messages itself (<see cref="SoapTransportKind.Pull"/>).</summary>
    public Uri? Endpoint { get; init; }

    public SoapVersion Soap { get; init; } = SoapVersion.Soap11;

    /// <summary>SOAP action of the notification operation; may be empty.</summary>
    public string Action { get; init; } = "";

    /// <summary>Id of the mapping document that makes its messages.</summary>
    public required string Document { get; init; }

    /// <summary>
    /// Neutral kinds of event it wants (SEAL, DEPARTURE, ROPE_CUT, …); <c>*</c> stands for all but FINDING and POSITION, which are sent to those alone who name them.
    /// </summary>
    public IReadOnlyList<string> Subscribes { get; init; } = ["*"];

    /// <summary>
    /// Codes of the offices that it stands for, such as a checkpoint's: it is told of movements that depart from, pass or go to one of them, and of those that pass it also <c>EXPECTED</c>
    /// and <c>PASSED</c>, which nobody else gets. None means all movements.
    /// </summary>
    public IReadOnlyList<string> Offices { get; init; } = [];

    /// <summary>Whether it also wants alarms of locks that no journey owns.</summary>
    public bool ReceivesUnboundLocks { get; init; }

    /// <summary>
    /// Kinds of alarm that may go before earlier messages of their lane which wait longer than a second, in order among themselves. They keep their number and say that
    /// they are out of sequence, which the mapping document must put where the receiver reads it. A refused one goes again in its turn.
    /// </summary>
    public IReadOnlyList<string> Overtakes { get; init; } = [];

    /// <summary>
    /// True where of the positions of a lock that wait in one lane only the newest is worth sending. The numbers of the others are never sent; they stay on record as
    /// <c>coalesced</c>. Default: every position is sent.
    /// </summary>
    public bool CoalescesPositions { get; init; }

    /// <summary>
    /// True when the receiver promises that the same message id again has no second effect. Only then is a message with an
    /// unknown outcome sent again without asking.
    /// </summary>
    public bool Idempotent { get; init; }

    /// <summary>How to ask whether a message id took effect; null where the receiver has no such operation.</summary>
    public Inquiry? Inquiry { get; init; }

    /// <summary>How its answers are read; null where it fetches its messages itself, because an acknowledgement has one form.</summary>
    public ReplyRule? Reply { get; init; }

    /// <summary>When a message that was only acknowledged counts as settled. Matters where <see cref="ReplyRule.Acknowledged"/> has codes.</summary>
    public Settlement Settles { get; init; }

    /// <summary>How a later answer is read, which says what became of an acknowledged message; null where none comes.</summary>
    public ReplyRule? Answer { get; init; }

    /// <summary>How long a later answer may take where followers wait for it; then the outcome is unknown. Default one hour.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long to wait for a connection, TLS included. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one attempt may take in all. Default 30 s.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Attempts that reached the receiver before the message is dead-lettered. Default 8.</summary>
    public int MaxAttempts { get; init; } = 8;

    /// <summary>Lanes served at the same time. Default 8.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>Attempts per minute over all lanes; null for no bound.</summary>
    public int? PerMinute { get; init; }

    /// <summary>An address without effect, such as the WSDL's, that is fetched to see whether it is back after an outage; null opens a connection only.</summary>
    public Uri? Probe { get; init; }

    /// <summary>Which client speaks to it. Both put the same message on the wire.</summary>
    public SoapTransportKind Transport { get; init; }

    /// <summary>Who fetches its messages; for <see cref="SoapTransportKind.Pull"/>, and only there.</summary>
    public PullRule? Pull { get; init; }

    /// <summary>Whether requests carry WS-Addressing 1.0 headers. Their message id is ours, written as <c>urn:uuid:</c>.</summary>
    public bool Addressing { get; init; }

    /// <summary>Sends the SOAP 1.1 action without quotes, as some old servers demand against the specification.</summary>
    public bool UnquotedAction { get; init; }

    /// <summary>Who we are, for receivers that ask; made anew for each attempt and never stored with the message.</summary>
    public DestinationCredentials? Credentials { get; init; }

    /// <summary>The certificate that we show on TLS connections; a changed file is used for the next connection.</summary>
    public ClientCertificate? ClientCertificate { get; init; }

    /// <summary>PEM file of the authorities that may have issued the receiver's certificate, instead of those that the machine trusts.</summary>
    public string? TrustedAuthorities { get; init; }

    /// <summary>HTTP headers for every request. A value of the form <c>env:NAME</c> or <c>file:PATH</c> is a reference to a secret.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}

[JsonConverter(typeof(JsonStringEnumConverter<Settlement>))]
public enum Settlement
{
    /// <summary>With the acknowledgement: followers go at once, and a rejection that comes later parks the lane from then on.</summary>
    Technical,

    /// <summary>With the later answer: followers wait for it or for its deadline.</summary>
    Business,
}

[JsonConverter(typeof(JsonStringEnumConverter<SoapTransportKind>))]
public enum SoapTransportKind
{
    /// <summary>A request channel of System.ServiceModel.</summary>
    Wcf,

    /// <summary>HttpClient and an envelope written by hand: less work per message.</summary>
    Raw,

    /// <summary>It cannot be called: it asks for its messages and acknowledges them.</summary>
    Pull,
}

/// <summary>How a receiver fetches its messages.</summary>
public sealed record PullRule
{
    /// <summary>Principals that may fetch and acknowledge them.</summary>
    public IReadOnlyList<string> Callers { get; init; } = [];

    /// <summary>How long a message that was handed out waits for its acknowledgement before it is handed out again. Default 2 minutes.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>How we prove who we are, above TLS.</summary>
public sealed record DestinationCredentials
{
    public required CredentialScheme Scheme { get; init; }

    public required string User { get; init; }

    /// <summary>Reference to the password: <c>env:CUSTOMSTRANSIT_…</c>, or <c>file:NAME</c> in the folder <c>Outbound:SecretsFolder</c>.</summary>
    public required string Password { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<CredentialScheme>))]
public enum CredentialScheme
{
    /// <summary>HTTP Basic, sent at once and not only when asked.</summary>
    Basic,

    /// <summary>WS-Security UsernameToken with the password as text. Only over TLS, or to this machine.</summary>
    UsernameToken,

    /// <summary>WS-Security UsernameToken with nonce, time and password digest.</summary>
    UsernameTokenDigest,
}

/// <summary>Certificate and private key in the folder <c>Outbound:SecretsFolder</c>.</summary>
public sealed record ClientCertificate
{
    /// <summary>PEM file with the certificate, its chain behind it.</summary>
    public required string File { get; init; }

    /// <summary>PEM file with the private key; null where it stands in <see cref="File"/>.</summary>
    public string? Key { get; init; }

    /// <summary>Reference to the private key's password; null where it has none.</summary>
    public string? Password { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<SoapVersion>))]
public enum SoapVersion
{
    Soap11,
    Soap12,
}

/// <summary>How an answer is read. Paths are local element names from the root of the reply body, joined by <c>/</c>; <c>@</c> names an attribute.</summary>
public sealed record ReplyRule
{
    /// <summary>
    /// The operation is one-way: an empty answer with 200, 202 or 204 says that the message was received, and nothing else is ever said. Elsewhere an empty answer
    /// leaves the outcome unknown. <see cref="Root"/>, <see cref="Id"/> and <see cref="Code"/> may then be left out.
    /// </summary>
    public bool OneWay { get; init; }

    /// <summary>Expected root element of the reply body as <c>{namespace}LocalName</c>.</summary>
    public string Root { get; init; } = "";

    /// <summary>Path of the message id that the receiver echoes. An answer that echoes another id is no answer.</summary>
    public string Id { get; init; } = "";

    /// <summary>Path of the code that decides.</summary>
    public string Code { get; init; } = "";

    /// <summary>Path of an explanation for people.</summary>
    public string? Text { get; init; }

    /// <summary>Codes that mean: received, and judged later.</summary>
    public IReadOnlyList<string> Acknowledged { get; init; } = [];

    /// <summary>Codes that mean: took effect.</summary>
    public IReadOnlyList<string> Accepted { get; init; } = [];

    /// <summary>Codes that mean: had taken effect before. Counts as delivered.</summary>
    public IReadOnlyList<string> Duplicate { get; init; } = [];

    /// <summary>Codes that mean: refused for good. A code in none of the lists is an unknown outcome.</summary>
    public IReadOnlyList<string> Rejected { get; init; } = [];
}

/// <summary>An operation without effect that tells whether a message id took effect.</summary>
public sealed record Inquiry
{
    /// <summary>SOAP action of the question.</summary>
    public string Action { get; init; } = "";

    /// <summary>Root element of the question as <c>{namespace}LocalName</c>.</summary>
    public required string Request { get; init; }

    /// <summary>Local name of its only child, which carries the message id.</summary>
    public required string RequestId { get; init; }

    /// <summary>Root element of the answer as <c>{namespace}LocalName</c>.</summary>
    public required string Reply { get; init; }

    /// <summary>Path of the echoed id.</summary>
    public required string ReplyId { get; init; }

    /// <summary>Path of the code that decides.</summary>
    public required string ReplyCode { get; init; }

    /// <summary>Codes that mean: took effect.</summary>
    public IReadOnlyList<string> Known { get; init; } = [];

    /// <summary>Codes that mean: certainly never arrived, so it may be sent again.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];
}
