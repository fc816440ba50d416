using System.Net;
using System.Security.Cryptography;
using System.Xml.Linq;
using Adapter.Mappings.Validation;
using Adapter.Mappings.Wco;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Adapter.Host.Rehearsal.Neighbours;

/// <summary>The line between two countries: passes calls on, can be cut, can lose answers and bring calls twice, and keeps what went over it.</summary>
internal sealed class NeighbourLine : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
    private readonly Lock _gate = new();
    private readonly List<HistoryChecker.Line> _log = [];
    private int _unrelated;
    private volatile bool _cut;
    private volatile bool _twice;
    private volatile bool _losesAnswers;
    private volatile string? _swallows;

    private NeighbourLine(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>Where calls go to; set once the country there listens.</summary>
    public Uri? To { get; set; }

    /// <summary>Calls that were refused while the line was cut.</summary>
    public int Refused { get; private set; }

    /// <summary>Later answers whose headers did not name the message that they answer.</summary>
    public int Unrelated
    {
        get
        {
            lock (_gate)
            {
                return _unrelated;
            }
        }
    }

    /// <summary>What reached the other end, as the checker reads it; the effect is what the other end answered, the first time it took the message.</summary>
    public IReadOnlyList<HistoryChecker.Line> Log
    {
        get
        {
            lock (_gate)
            {
                return [.. _log];
            }
        }
    }

    public static async Task<NeighbourLine> OpenAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var line = new NeighbourLine(app);
        app.Run(line.PassAsync);
        await app.StartAsync(cancellationToken);
        line.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return line;
    }

    /// <summary>Nothing gets through until <see cref="Mend"/>.</summary>
    public void Cut() => _cut = true;

    public void Mend() => _cut = false;

    /// <summary>The next call arrives twice.</summary>
    public void BringNextTwice() => _twice = true;

    /// <summary>The next message of a kind is answered as if it had been accepted, and never arrives: as a system does that loses what it took.</summary>
    public void Swallow(string kind) => _swallows = kind;

    /// <summary>SHA-256 of what was swallowed; null while nothing was.</summary>
    public string? Swallowed { get; private set; }

    /// <summary>The next call arrives, and its answer does not come back.</summary>
    public void LoseNextAnswer() => _losesAnswers = true;

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        if (_cut || To is not { } to)
        {
            lock (_gate)
            {
                Refused++;
            }

            context.Response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
            return;
        }

        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        if (_swallows is { } kind && MessageIn(buffer.ToArray()) is { Kind: WcoKind.Declaration } lost && lost.Statements.Any(statement => statement.Code == kind))
        {
            (_swallows, Swallowed) = (null, HashOf(buffer.ToArray()));
            var accepted = WcoResponseWriter.Write(new WcoSender("ZZ", "the line", "LINE", "1"), WcoFunction.Accepted, lost.Reference, lost.Mrn, DateTimeOffset.UnixEpoch, []);
            context.Response.ContentType = "application/soap+xml; charset=utf-8";
            await context.Response.WriteAsync($"<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>{System.Text.Encoding.UTF8.GetString(accepted)}</s:Body></s:Envelope>", context.RequestAborted);
            return;
        }

        var times = _twice ? 2 : 1;
        _twice = false;
        var (status, type, answer) = (0, "", Array.Empty<byte>());
        for (var time = 0; time < times; time++)
        {
            (status, type, answer) = await CallAsync(context, to, buffer.ToArray());
            Note(buffer.ToArray(), answer);
        }

        if (_losesAnswers)
        {
            _losesAnswers = false;
            context.Abort();
            return;
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }

    private async Task<(int Status, string Type, byte[] Answer)> CallAsync(HttpContext context, Uri to, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(to, context.Request.Path.Value)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        request.Headers.TryAddWithoutValidation("Authorization", context.Request.Headers.Authorization.ToString());
        using var response = await _client.SendAsync(request, context.RequestAborted);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.ToString() ?? "", await response.Content.ReadAsByteArrayAsync(context.RequestAborted));
    }

    private void Note(byte[] sent, byte[] answer)
    {
        if (MessageIn(sent) is not { } message)
        {
            return;
        }

        var took = MessageIn(answer) is { Kind: WcoKind.Response, FunctionCode: WcoFunction.Accepted or WcoFunction.Received };
        lock (_gate)
        {
            var isFirst = took && _log.All(line => line.MessageId != message.Reference || line.Effect == 0);
            _unrelated += message is { Kind: WcoKind.Response } && RelatesTo(sent) != message.Answers ? 1 : 0;
            _log.Add(new HistoryChecker.Line(
                message.Reference, message.Sequence, message.Mrn ?? "", message.Statements is [var statement, ..] ? statement.Code ?? "" : "ANSWER", isFirst ? 1 : 0,
                HashOf(sent), message.Kind == WcoKind.Response));
        }
    }

    /// <summary>The reference in <c>wsa:RelatesTo</c>: what we send has its reference as its message id.</summary>
    private static string? RelatesTo(byte[] envelope) =>
        XmlInput.Load(envelope).Descendants(XName.Get("RelatesTo", "http://www.w3.org/2005/08/addressing")).FirstOrDefault()?.Value is { } id && Guid.TryParse(id.Replace("urn:uuid:", "", StringComparison.Ordinal), out var reference)
            ? reference.ToString("N")
            : null;

    /// <summary>Of the message alone: headers are made anew for each attempt.</summary>
    private static string HashOf(byte[] envelope) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(
        XmlInput.Load(envelope).Descendants(WcoNames.Meta + "MetaData").First().ToString(SaveOptions.DisableFormatting))));

    private static WcoMessage? MessageIn(byte[] envelope)
    {
        try
        {
            return XmlInput.Load(envelope).Descendants(WcoNames.Meta + "MetaData").FirstOrDefault() is { } metaData
                ? WcoReader.Read(System.Text.Encoding.UTF8.GetBytes(metaData.ToString(SaveOptions.DisableFormatting))).Message
                : null;
        }
        catch (System.Xml.XmlException)
        {
            // An answer that is no XML took nothing.
            return null;
        }
    }
}
