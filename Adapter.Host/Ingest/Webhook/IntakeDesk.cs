using System.Buffers;
using System.Text.Json;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Journal;
using Adapter.Host.Observability;
using Adapter.Host.Storage;
using Adapter.Mappings.Telemetry;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Ingest.Webhook;

/// <summary>The steps from a request to its answer.</summary>
internal sealed partial class IntakeDesk(
    Sources sources, TelemetryReader reader, IJournal journal, IOptions<IngestOptions> options, AdapterMetrics metrics, ICrashPoint crash, TimeProvider time, ILogger<IntakeDesk> logger)
{
    /// <param name="dialect">How sources write that are not configured with a dialect of their own.</param>
    public async Task<IResult> TakeAsync(HttpContext context, ReportRoute route, string dialect = TelemetryTables.DefaultDialect)
    {
        if (sources.Authenticate(context.Request.Headers) is not { } source)
        {
            metrics.Refused("unauthenticated");
            return Results.Problem(statusCode: StatusCodes.Status401Unauthorized, title: "intake.unauthenticated",
                detail: "Send the source's secret in its configured header. The body was not read.");
        }

        crash.Reached(CrashPoints.IntakeAuthenticated);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = options.Value.MaxBodyBytes;
        }

        using var body = new BodyBuffer(ArrayPool<byte>.Shared, InitialSize(context.Request.ContentLength));
        try
        {
            try
            {
                await body.ReadAsync(context.Request.Body, options.Value.MaxBodyBytes, context.RequestAborted);
            }
            catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
            {
                metrics.Refused("too-large");
                return Results.Problem(statusCode: tooLarge.StatusCode, title: "intake.too-large",
                    detail: $"The body may have {options.Value.MaxBodyBytes} bytes. Send the array in parts.");
            }

            return await TakeAsync(source, new TelemetryRoute(source.Name, route, source.CodeSpaceOf(route), source.Dialect ?? dialect), body.Bytes, context.RequestAborted);
        }
        catch (StoreUnavailableException exception)
        {
            metrics.Refused("store-unavailable");
            LogStoreAway(exception, source.Name);
            return Unavailable(context);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            metrics.Refused("store-busy");
            return Unavailable(context);
        }
    }

    private async Task<IResult> TakeAsync(Source source, TelemetryRoute telemetry, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        crash.Reached(CrashPoints.IntakeBodyRead);
        var receivedAt = time.GetUtcNow();
        List<ReadOnlyMemory<byte>> elements;
        try
        {
            elements = JsonElements.Cut(body, options.Value.MaxRecords);
        }
        catch (JsonException exception)
        {
            metrics.Refused("not-json");
            await journal.KeepUnreadableAsync(new UnreadableBody(source.Name, ReportRoutes.Name(telemetry.Route), receivedAt, exception.Message, reader.HideSecrets(body)), cancellationToken);
            return Results.Problem(statusCode: StatusCodes.Status400BadRequest, title: "intake.not-json", detail: exception.Message);
        }

        var stored = ReportRoutes.Stored(telemetry);
        var records = elements.ConvertAll(element => reader.Read(telemetry, element, receivedAt) switch
        {
            ReadElement.Read read => new ReceivedRecord(EntryKind.Telemetry, source.Name, stored, receivedAt, read.Body, read.Elided, read.Identity, Quarantine: null),
            ReadElement.Unreadable unreadable => new ReceivedRecord(EntryKind.Telemetry, source.Name, stored, receivedAt, unreadable.Body, unreadable.Elided, Identity: null, unreadable.Reason),
            var other => throw new InvalidOperationException($"The telemetry reader answered {other}."),
        });

        crash.Reached(CrashPoints.IntakeBeforeAppend);
        // Bounds the wait for a place in the queue; a write that has one is never cancelled, because its outcome must be told.
        using var patience = new CancellationTokenSource(options.Value.Patience, time);
        var results = await journal.AppendAsync(records, patience.Token);
        crash.Reached(CrashPoints.IntakeBeforeAnswer);
        return Results.Ok(Answer(source, results));
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

            metrics.Received(source.Name, JsonNamingPolicy.CamelCase.ConvertName(results[i].GetType().Name));
        }

        return new IntakeAnswer(accepted, duplicate, quarantined);
    }

    private int InitialSize(long? contentLength) => (int)Math.Min(contentLength ?? 4096, options.Value.MaxBodyBytes) + 1;

    private static IResult Unavailable(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "5";
        return Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, title: "intake.store-unavailable",
            detail: "The store cannot commit now. Nothing of this request was kept; send it again.");
    }

    [LoggerMessage(1001, LogLevel.Error, "Intake from {Source} was refused because the store cannot commit. Check the disk; senders that repeat will be served when it is back.")]
    private partial void LogStoreAway(Exception exception, string source);
}
