using System.Buffers;
using System.Reflection;
using System.Security.Cryptography;
using System.ServiceModel;
using Adapter.Host.Ingest.Credentials;
using Adapter.Host.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Adapter.Host.SoapServices;

/// <summary>Takes one message through its steps, in this order: transport, form, caller, operation, permission, schema, repeat, operation.</summary>
/// <remarks>What costs most comes last; a stranger gets no further than the headers.</remarks>
internal sealed partial class SoapEndpoint(
    CallerCheck callers, ISoapCallStore calls, IdleCalls idle, SecurityLog security, IOptions<SoapServicesOptions> options, ILogger<SoapEndpoint> logger)
{
    private const string ActionHeader = "SOAPAction";

    public async Task HandleAsync(SoapService service, Type contract, HttpContext context)
    {
        var type = SoapContentType.Parse(context.Request.ContentType);
        if (type is null || SoapVersion.Of(type.MediaType) is not { } version || context.Request.Headers.ContentEncoding.Count > 0)
        {
            security.Unreadable(context.Connection.RemoteIpAddress, context.Request.Path, "soap.media-type");
            await Plain(context, StatusCodes.Status415UnsupportedMediaType, "soap.media-type", "Send text/xml for SOAP 1.1 or application/soap+xml for SOAP 1.2, uncompressed and without attachments.");
            return;
        }

        if (await ReadAsync(context, options.Value.MaxMessageBytes) is not { } message)
        {
            security.Unreadable(context.Connection.RemoteIpAddress, context.Request.Path, "soap.too-large");
            await Plain(context, StatusCodes.Status413PayloadTooLarge, "soap.too-large", $"A message has {options.Value.MaxMessageBytes} bytes at most.");
            return;
        }

        var progress = new Progress();
        (int Status, byte[] Bytes) answer;
        try
        {
            try
            {
                var payload = await AnswerAsync(service, contract, version, type, message, progress, context);
                answer = payload is null
                    ? (StatusCodes.Status202Accepted, [])
                    : (StatusCodes.Status200OK, SoapWriter.Answer(version, payload, progress.Operation!.Action + "Response", progress.Addressing));
            }
            catch (Exception exception) when (!progress.Audited && exception is not StoreUnavailableException && Outcome(exception, context) is { } outcome)
            {
                await AuditAsync(service.Name, progress, outcome, exception, context);
                throw;
            }
        }
        catch (SoapRefusal refusal)
        {
            answer = Refuse(service, version, refusal, progress.Addressing);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested && Translate(exception) is { } fault)
        {
            if (exception is StoreUnavailableException)
            {
                context.Response.Headers.RetryAfter = "5";
            }

            answer = fault.Detail is { } detail
                ? (version.StatusOf(fault.Refusal.Blame), SoapWriter.Fault(version, fault.Refusal, detail, progress.Addressing))
                : Refuse(service, version, fault.Refusal, progress.Addressing);
        }

        context.Response.StatusCode = answer.Status;
        if (answer.Bytes.Length > 0)
        {
            context.Response.ContentType = version.MediaType + "; charset=utf-8";
            context.Response.ContentLength = answer.Bytes.Length;
            await context.Response.Body.WriteAsync(answer.Bytes, context.RequestAborted);
        }
    }

    private async Task<byte[]?> AnswerAsync(
        SoapService service, Type contract, SoapVersion version, SoapContentType type, ReadOnlyMemory<byte> message, Progress progress, HttpContext context)
    {
        var utf8 = EnvelopeText.ToUtf8(message, type.Charset);
        EnvelopeGuard.Check(utf8.Span);
        using var envelope = new EnvelopeReader(utf8, version);
        var head = envelope.ReadHead();
        progress.Addressing = head.Addressing;
        progress.Caller = await callers.AuthenticateAsync(service.Name, context, head.Security, context.RequestAborted);
        var operation = service.Find(head.Body, SoapContentType.Unquote(context.Request.Headers[ActionHeader].ToString()), type.Action, head.Addressing?.Action);
        progress.Operation = operation;
        if (!callers.May(service.Name, progress.Caller, operation.Name))
        {
            throw new SoapRefusal(SoapBlame.Sender, "soap.forbidden", $"{progress.Caller} may not call {operation.Name}.") { Status = StatusCodes.Status403Forbidden };
        }

        return await RunAsync(service, contract, operation, Request(service, operation, envelope, utf8, version), progress, context);
    }

    /// <returns>The answer's payload, or null for a one-way operation.</returns>
    private async Task<byte[]?> RunAsync(
        SoapService service, Type contract, SoapOperation operation, object request, Progress progress, HttpContext context)
    {
        var (caller, addressing) = (progress.Caller!, progress.Addressing);
        var key = addressing?.MessageId is { } id && !operation.IsOneWay && service.Definition.RemembersMessages(operation.Name) ? new MessageKey(service.Name, caller, id) : null;
        if (key is not null)
        {
            var content = Convert.ToHexStringLower(SHA256.HashData(SoapOperation.Canonical(request)));
            switch (await calls.BindAsync(key, operation.Name, content, context.RequestAborted))
            {
                case MessageBinding.Answered known:
                    progress.Audited = true;
                    await calls.EndAsync(service.Name, caller, operation.Name, "repeat", key, answer: null, release: false, context.RequestAborted);
                    return known.Answer;
                case MessageBinding.OtherContent:
                    progress.MessageId = key.Id;
                    throw SoapRefusal.Sender("soap.message-id-reused", $"The message id '{key.Id}' came before with another content. Nothing was done; give every message an id of its own.");
            }
        }

        var call = context.RequestServices.GetRequiredService<SoapCall>();
        (call.Caller, call.Operation, call.MessageId, call.RelatesTo, call.Cancellation) = (caller, operation.Name, addressing?.MessageId, addressing?.RelatesTo, context.RequestAborted);
        try
        {
            var result = await operation.InvokeAsync(context.RequestServices.GetRequiredService(contract), request);
            var payload = operation.IsOneWay ? null : operation.Write(result!);
            // The operation has taken effect: how it ended is written down also when the caller is gone.
            progress.Audited = true;
            if (idle.Line(service.Name, caller, operation.Name, "answered", call.FoundNothing && key is null) is { } line)
            {
                await calls.EndAsync(service.Name, caller, operation.Name, line, key, call.AnswerIsProvisional ? null : payload, release: false, CancellationToken.None);
            }

            return payload;
        }
        catch (FaultException fault)
        {
            progress.Audited = true;
            await calls.EndAsync(service.Name, caller, operation.Name, $"fault: {fault.Reason}", key, answer: null, release: true, CancellationToken.None);
            throw;
        }
    }

    /// <returns>What the audit says of a call that ended by an exception; null where nothing is to be written.</returns>
    private static string? Outcome(Exception exception, HttpContext context) => exception switch
    {
        SoapRefusal refusal => refusal.Code,
        _ when context.RequestAborted.IsCancellationRequested => "the caller went away",
        BadHttpRequestException => null,
        FaultException fault => $"fault: {fault.Reason}",
        _ => "soap.internal",
    };

    /// <summary>A caller that is known has an audit line; a stranger, who could fill the store, a line in the log of security, which is bounded.</summary>
    private async Task AuditAsync(string service, Progress progress, string outcome, Exception exception, HttpContext context)
    {
        if (progress.Caller is not { } caller)
        {
            // Who was not recognised stands there already.
            if (exception is SoapRefusal { SecurityCode: not CallerCheck.NotRecognised })
            {
                security.Unreadable(context.Connection.RemoteIpAddress, context.Request.Path, outcome);
            }

            return;
        }

        var operation = progress.Operation?.Name ?? "unknown";
        var gone = context.RequestAborted.IsCancellationRequested;
        if (idle.Line(service, caller, operation, outcome, foundNothing: gone) is { } line)
        {
            var key = progress.MessageId is { } id ? new MessageKey(service, caller, id) : null;
            await calls.EndAsync(service, caller, operation, line, key, answer: null, release: false, CancellationToken.None);
        }
    }

    private static object Request(SoapService service, SoapOperation operation, EnvelopeReader envelope, ReadOnlyMemory<byte> utf8, SoapVersion version)
    {
        if (operation.IsRaw)
        {
            envelope.ReadBody(_ => true);
        }
        else if (envelope.ReadBody(body => operation.ReadValid(body, service.Schemas) ?? Departs(service, operation, utf8, version)) is { } request)
        {
            return request;
        }

        using var again = EnvelopeReader.OpenBody(utf8, version);
        return operation.Read(again);
    }

    /// <summary>Reads a request once more, slowly, to say where it departs from the schema.</summary>
    /// <exception cref="SoapRefusal">It does.</exception>
    private static object? Departs(SoapService service, SoapOperation operation, ReadOnlyMemory<byte> utf8, SoapVersion version)
    {
        using var body = EnvelopeReader.OpenBody(utf8, version);
        using var element = body.ReadSubtree();
        BodyValidation.Read(element, service.Schemas);
        throw new InvalidOperationException($"A request to {operation.Name} departs from the schema in one reading and not in the other.");
    }

    private static (int Status, byte[] Bytes) Refuse(SoapService service, SoapVersion version, SoapRefusal refusal, Addressing? addressing)
    {
        // Faults of the envelope itself have no detail: the specifications keep that for the Body.
        var detail = refusal.Blame is SoapBlame.VersionMismatch or SoapBlame.MustUnderstand ? null : service.Definition.Detail(refusal.Code, refusal.Message, refusal.Pointer);
        return (refusal.Status ?? version.StatusOf(refusal.Blame), SoapWriter.Fault(version, refusal, detail, addressing));
    }

    private (SoapRefusal Refusal, object? Detail)? Translate(Exception exception)
    {
        switch (exception)
        {
            case FaultException fault:
                var blame = fault.Code is { IsReceiverFault: true } ? SoapBlame.Receiver : SoapBlame.Sender;
                return (new SoapRefusal(blame, "", fault.Reason.ToString()), fault.GetType().GetProperty("Detail", BindingFlags.Public | BindingFlags.Instance)?.GetValue(fault));
            case StoreUnavailableException unavailable:
                LogUnavailable(unavailable.Message);
                return (new SoapRefusal(SoapBlame.Receiver, "soap.unavailable", "The message cannot be kept at the moment. Send it again with the same message id."), null);
            case BadHttpRequestException:
                return null;
            default:
                LogFailed(exception);
                return (new SoapRefusal(SoapBlame.Receiver, "soap.internal", "The message failed here and through no fault of yours. Send it again later with the same message id."), null);
        }
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext context, int limit)
    {
        if (context.Request.ContentLength > limit)
        {
            return null;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit + 1L;
        }

        var bytes = new ArrayBufferWriter<byte>((int)Math.Clamp(context.Request.ContentLength ?? 4096, 256, limit));
        while (true)
        {
            var read = await context.Request.Body.ReadAsync(bytes.GetMemory(1024), context.RequestAborted);
            if (read == 0)
            {
                return bytes.WrittenMemory;
            }

            bytes.Advance(read);
            if (bytes.WrittenCount > limit)
            {
                return null;
            }
        }
    }

    /// <summary>How far a call has come: what its audit line can say.</summary>
    private sealed class Progress
    {
        public Addressing? Addressing { get; set; }

        public string? Caller { get; set; }

        public SoapOperation? Operation { get; set; }

        /// <summary>Id of a message that was refused for its id.</summary>
        public string? MessageId { get; set; }

        public bool Audited { get; set; }
    }

    private static Task Plain(HttpContext context, int status, string code, string text) =>
        Results.Problem(statusCode: status, title: code, detail: text).ExecuteAsync(context);

    [LoggerMessage(7001, LogLevel.Error, "A SOAP call failed. The caller was told that it is our fault and to repeat it.")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(7002, LogLevel.Warning, "A SOAP call was refused because the store did not commit: {Reason}")]
    private partial void LogUnavailable(string reason);
}
