using System.Buffers;
using Adapter.Host.Ingest.Credentials;
using Adapter.Host.Ingest.Gaps;
using Adapter.Host.Journal;
using Adapter.Host.Observability;
using Adapter.Host.Storage;
using Adapter.Mappings.Telemetry;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;
using MinDataRate = Microsoft.AspNetCore.Server.Kestrel.Core.MinDataRate;

namespace Adapter.Host.Ingest.Webhook;

/// <summary>The steps from a request to its answer.</summary>
internal sealed partial class IntakeDesk(
    Doorkeeper door, IntakeGate gate, RememberedIds ids, GapBook gaps, SecurityLog security, BodyReader bodies, IJournal journal,
    IOptions<IngestOptions> options, AdapterMetrics metrics, ICrashPoint crash, [FromKeyedServices(StoreClock.Key)] TimeProvider time, ILogger<IntakeDesk> logger)
{
    /// <summary>What the store gets at least, however long the sender had waited for its turn.</summary>
    private static readonly TimeSpan LeastForTheStore = TimeSpan.FromSeconds(1);

    private readonly IngestOptions _options = options.Value;

    public async Task<IResult> TakeAsync(HttpContext context, IntakeRoute route)
    {
        if (!IsSpelledOut(context))
        {
            return Results.NotFound();
        }

        Caller caller;
        try
        {
            caller = await door.IdentifyAsync(context);
        }
        catch (StoreUnavailableException exception)
        {
            LogStoreAway(exception, "a source with an API key");
            return Refuse(context, route, source: null, Refusal.StoreUnavailable);
        }

        crash.Reached(CrashPoints.IntakeAuthenticated);
        switch (caller)
        {
            case Caller.Known known:
                return await TakeAsync(context, route, known.Source);
            case Caller.Signed signed:
                return await TakeAsync(context, route, signed);
            case Caller.OffTheList off:
                security.OffTheList(context.Connection.RemoteIpAddress, off.Sources);
                return Refuse(context, route, source: null, Refusal.OffTheList);
            default:
                return TurnAway(context, route);
        }
    }

    private async Task<IResult> TakeAsync(HttpContext context, IntakeRoute route, Source source)
    {
        if (RefusedUnread(context) is { } unread)
        {
            return Refuse(context, route, source, unread);
        }

        var arrived = time.GetTimestamp();
        using var patience = new CancellationTokenSource(_options.Patience, time);
        switch (await gate.EnterAsync(source, context.Request.ContentLength, patience.Token))
        {
            case Admission.Entered entered:
                using (entered)
                {
                    var waited = time.GetElapsedTime(arrived);
                    using var body = new BodyBuffer(ArrayPool<byte>.Shared, InitialSize(context.Request.ContentLength));
                    return await ReadAsync(context, body) is { } refused
                        ? Refuse(context, route, source, refused)
                        : (await KeepAsync(context, route, source, body.Bytes, waited)).Result;
                }

            case Admission.TooFast tooFast:
                return Refuse(context, route, source, Refusal.TooFast(tooFast.Seconds));
            default:
                return Refuse(context, route, source, Refusal.Busy);
        }
    }

    /// <summary>A signed request is nobody's until its body is read; until then no source has it on its account.</summary>
    private async Task<IResult> TakeAsync(HttpContext context, IntakeRoute route, Caller.Signed signed)
    {
        if (RefusedUnread(context) is { } unread)
        {
            return Refuse(context, route, source: null, unread);
        }

        var arrived = time.GetTimestamp();
        using var patience = new CancellationTokenSource(_options.Patience, time);
        if (await gate.EnterAsync(context.Connection.RemoteIpAddress, context.Request.ContentLength, patience.Token) is not Admission.Entered entered)
        {
            return Refuse(context, route, source: null, Refusal.Busy);
        }

        using (entered)
        {
            var waited = time.GetElapsedTime(arrived);
            using var body = new BodyBuffer(ArrayPool<byte>.Shared, InitialSize(context.Request.ContentLength));
            if (await ReadAsync(context, body) is { } refused)
            {
                return Refuse(context, route, source: null, refused);
            }

            if (signed.Candidates.FirstOrDefault(candidate => signed.Headers.IsBy(candidate.SigningKeys, body.Bytes.Span)) is not { } source)
            {
                return TurnAway(context, route);
            }

            using var rest = new CancellationTokenSource(Longer(_options.Patience - waited), time);
            return await gate.PaceAsync(source, rest.Token) switch
            {
                null => await TakeOnceAsync(context, route, source, signed.Headers, body.Bytes, waited),
                Admission.TooFast tooFast => Refuse(context, route, source, Refusal.TooFast(tooFast.Seconds)),
                _ => Refuse(context, route, source, Refusal.Busy),
            };
        }
    }

    private async Task<IResult> TakeOnceAsync(HttpContext context, IntakeRoute route, Source source, SignedHeaders headers, ReadOnlyMemory<byte> body, TimeSpan waited)
    {
        switch (ids.See(source.Name, headers.Id, body.Span, headers.Timestamp + source.SigningWindow))
        {
            case Recollection.Reused:
                security.IdReused(source.Name, headers.Id, context.Connection.RemoteIpAddress);
                return Refuse(context, route, source, Refusal.IdReused);
            case Recollection.Repeat { Records: { } records }:
                metrics.Received(source.Name, "duplicate", records);
                return Results.Ok(new IntakeAnswer(0, records, []));
            default:
                var (result, stored) = await KeepAsync(context, route, source, body, waited);
                if (stored is { } count)
                {
                    ids.Stored(source.Name, headers.Id, count);
                }

                return result;
        }
    }

    /// <summary>Keeps what the source has sent, or refuses it when the store is away for longer than the sender is made to wait.</summary>
    /// <returns>The answer, and the number of records where they are on disk.</returns>
    private async Task<(IResult Result, int? Records)> KeepAsync(HttpContext context, IntakeRoute route, Source source, ReadOnlyMemory<byte> body, TimeSpan waited)
    {
        // Whatever has not begun to be written by then never will be, so that the refusal is true.
        using var patience = new CancellationTokenSource(Longer(_options.Patience - waited), time);
        try
        {
            return await KeepAsync(context, route, source, body, patience.Token);
        }
        catch (StoreUnavailableException exception)
        {
            LogStoreAway(exception, source.Name);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            LogStoreBusy(source.Name, _options.Patience);
        }

        return (Refuse(context, route, source, Refusal.StoreUnavailable), null);
    }

    private async Task<(IResult Result, int? Records)> KeepAsync(HttpContext context, IntakeRoute route, Source source, ReadOnlyMemory<byte> body, CancellationToken patience)
    {
        crash.Reached(CrashPoints.IntakeBodyRead);
        var receivedAt = time.GetUtcNow();
        var telemetry = new TelemetryRoute(source.Name, route.Kind, source.CodeSpaceOf(route.Kind), source.Dialect ?? route.Dialect);
        switch (bodies.Read(telemetry, body, context.Request.ContentType, receivedAt))
        {
            case BodyReading.Unreadable unreadable:
                await journal.KeepUnreadableAsync(unreadable.Body, patience);
                return (Refuse(context, route, source, Refusal.Of(unreadable)), null);
            case BodyReading.Records { All: var records }:
                return await AppendAsync(source, records, patience);
            case var other:
                throw new InvalidOperationException($"The body's reader answered {other}.");
        }
    }

    private async Task<(IResult Result, int? Records)> AppendAsync(Source source, IReadOnlyList<ReceivedRecord> records, CancellationToken patience)
    {
        crash.Reached(CrashPoints.IntakeBeforeAppend);
        var results = await journal.AppendAsync(records, patience);
        crash.Reached(CrashPoints.IntakeBeforeAnswer);
        return (Results.Ok(Answer(source, results)), results.Count);
    }

    private IntakeAnswer Answer(Source source, IReadOnlyList<AppendResult> results)
    {
        int accepted = 0, duplicate = 0;
        var quarantined = new List<QuarantinedElement>();
        for (var i = 0; i < results.Count; i++)
        {
            switch (results[i])
            {
                case AppendResult.Duplicate:
                    duplicate++;
                    break;
                case AppendResult.Quarantined bad:
                    quarantined.Add(new QuarantinedElement(i, bad.Reason));
                    break;
                default:
                    accepted++;
                    break;
            }
        }

        metrics.Received(source.Name, results);
        return new IntakeAnswer(accepted, duplicate, quarantined);
    }

    /// <summary>What can be refused from the headers alone.</summary>
    private Refusal? RefusedUnread(HttpContext context)
    {
        if (context.Request.Headers.ContentEncoding is { Count: > 0 } encodings && encodings.Any(e => !string.Equals(e, "identity", StringComparison.OrdinalIgnoreCase)))
        {
            return Refusal.Encoded;
        }

        return context.Request.ContentLength > _options.MaxBodyBytes ? Refusal.TooLarge(_options.MaxBodyBytes) : null;
    }

    /// <returns>Null once the body is there.</returns>
    private async Task<Refusal?> ReadAsync(HttpContext context, BodyBuffer body)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = _options.MaxBodyBytes;
        }

        // HTTP/2 has the server's own pace for the whole connection, which is the same as our default.
        if (HttpProtocol.IsHttp11(context.Request.Protocol) && context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } pace)
        {
            pace.MinDataRate = new MinDataRate(_options.MinBodyBytesPerSecond, _options.BodyGrace);
        }

        try
        {
            await body.ReadAsync(context.Request.Body, _options.MaxBodyBytes, context.RequestAborted);
            return null;
        }
        catch (BadHttpRequestException bad)
        {
            return bad.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => Refusal.TooLarge(_options.MaxBodyBytes),
                StatusCodes.Status408RequestTimeout => Refusal.TooSlow,
                _ => Refusal.CutOff,
            };
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException)
        {
            return Refusal.CutOff;
        }
    }

    private IResult TurnAway(HttpContext context, IntakeRoute route)
    {
        security.Unauthenticated(context.Connection.RemoteIpAddress, "/" + ReportRoutes.Name(route.Kind));
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Refuse(context, route, source: null, Refusal.Unauthenticated);
    }

    /// <param name="source">Null while nobody has proved to be one; then it leaves no gap.</param>
    private IResult Refuse(HttpContext context, IntakeRoute route, Source? source, Refusal refusal)
    {
        metrics.Refused(refusal.Reason);
        if (refusal.LeavesAGap && source is { Repeats: false })
        {
            gaps.Refused(source.Name, ReportRoutes.Name(route.Kind), refusal.Reason);
        }

        if (refusal.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds;
        }

        return Results.Problem(statusCode: refusal.Status, title: refusal.Code, detail: refusal.Detail);
    }

    /// <summary>An address that only becomes ours by unescaping or by cutting out dots is none of ours: a filter in front may have read it otherwise.</summary>
    private static bool IsSpelledOut(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        var query = target.IndexOf('?');
        var path = query < 0 ? target : target[..query];
        var own = context.Request.PathBase.Add(context.Request.Path).Value;
        // A proxy may send the absolute form, with scheme and host before the path.
        return path is ['/', ..] ? path.SequenceEqual(own) : path.EndsWith(context.Request.Host.Value + own, StringComparison.OrdinalIgnoreCase);
    }

    private TimeSpan Longer(TimeSpan left)
    {
        var least = LeastForTheStore < _options.Patience ? LeastForTheStore : _options.Patience;
        return left > least ? left : least;
    }

    private int InitialSize(long? contentLength) => (int)Math.Min(contentLength ?? 4096, _options.MaxBodyBytes) + 1;

    [LoggerMessage(1001, LogLevel.Error, "Intake from {Source} was refused because the store cannot commit. Check the disk; senders that repeat will be served when it is back.")]
    private partial void LogStoreAway(Exception exception, string source);

    [LoggerMessage(1006, LogLevel.Error, "Intake from {Source} was refused because the store did not take it within {Patience}. Check the disk, and who else holds the database.")]
    private partial void LogStoreBusy(string source, TimeSpan patience);
}
