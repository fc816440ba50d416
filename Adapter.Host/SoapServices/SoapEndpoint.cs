using System.Buffers;
using System.Reflection;
using System.Security.Cryptography;
using System.ServiceModel;
using Adapter.Host.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Adapter.Host.SoapServices;

/// <summary>Takes one message through its steps, in this order: transport, form, caller, operation, permission, schema, repeat, operation.</summary>
/// <remarks>What costs most comes last; a stranger gets no further than the headers.</remarks>
internal sealed partial class SoapEndpoint(CallerCheck callers, ISoapCallStore calls, IOptions<SoapServicesOptions> options, ILogger<SoapEndpoint> logger)
{
    private const string ActionHeader = "SOAPAction";

    public async Task HandleAsync(SoapService service, Type contract, HttpContext context)
    {
        var type = SoapContentType.Parse(context.Request.ContentType);
        if (type is null || SoapVersion.Of(type.MediaType) is not { } version || context.Request.Headers.ContentEncoding.Count > 0)
        {
            await Plain(context, StatusCodes.Status415UnsupportedMediaType, "soap.media-type", "Send text/xml for SOAP 1.1 or application/soap+xml for SOAP 1.2, uncompressed and without attachments.");
            return;
        }

        if (await ReadAsync(context, options.Value.MaxMessageBytes) is not { } message)
        {
            await Plain(context, StatusCodes.Status413PayloadTooLarge, "soap.too-large", $"A message has {options.Value.MaxMessageBytes} bytes at most.");
            return;
        }

        Addressing? addressing = null;
        (int Status, byte[] Bytes) answer;
        try
        {
            var utf8 = EnvelopeText.ToUtf8(message, type.Charset);
            EnvelopeGuard.Check(utf8.Span);
            using var envelope = new EnvelopeReader(utf8, version);
            var head = envelope.ReadHead();
            addressing = head.Addressing;
            var caller = await callers.AuthenticateAsync(service.Name, context, head.Security, context.RequestAborted);
            var operation = service.Find(head.Body, SoapContentType.Unquote(context.Request.Headers[ActionHeader].ToString()), type.Action, addressing?.Action);
            await RequirePermissionAsync(service.Name, caller, operation.Name, context.RequestAborted);
            envelope.ReadBody(operation.IsRaw ? null : service.Schemas);
            var payload = await RunAsync(service, contract, operation, Deserialize(operation, utf8, version), caller, addressing, context);
            answer = payload is null
                ? (StatusCodes.Status202Accepted, [])
                : (StatusCodes.Status200OK, SoapWriter.Answer(version, payload, operation.Action + "Response", addressing));
        }
        catch (SoapRefusal refusal)
        {
            answer = Refuse(service, version, refusal, addressing);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested && Translate(exception) is { } fault)
        {
            if (exception is StoreUnavailableException)
            {
                context.Response.Headers.RetryAfter = "5";
            }

            answer = fault.Detail is { } detail
                ? (version.StatusOf(fault.Refusal.Blame), SoapWriter.Fault(version, fault.Refusal, detail, addressing))
                : Refuse(service, version, fault.Refusal, addressing);
        }

        context.Response.StatusCode = answer.Status;
        if (answer.Bytes.Length > 0)
        {
            context.Response.ContentType = version.MediaType + "; charset=utf-8";
            context.Response.ContentLength = answer.Bytes.Length;
            await context.Response.Body.WriteAsync(answer.Bytes, context.RequestAborted);
        }
    }

    private async Task RequirePermissionAsync(string service, string caller, string operation, CancellationToken cancellationToken)
    {
        if (!callers.May(service, caller, operation))
        {
            await calls.EndAsync(service, caller, operation, "soap.forbidden", key: null, answer: null, release: false, cancellationToken);
            throw new SoapRefusal(SoapBlame.Sender, "soap.forbidden", $"{caller} may not call {operation}.") { Status = StatusCodes.Status403Forbidden };
        }
    }

    /// <returns>The answer's payload, or null for a one-way operation.</returns>
    private async Task<byte[]?> RunAsync(
        SoapService service, Type contract, SoapOperation operation, object request, string caller, Addressing? addressing, HttpContext context)
    {
        var key = addressing?.MessageId is { } id && !operation.IsOneWay && service.Definition.RemembersMessages(operation.Name) ? new MessageKey(service.Name, caller, id) : null;
        if (key is not null)
        {
            var content = Convert.ToHexStringLower(SHA256.HashData(operation.Canonical(request)));
            switch (await calls.BindAsync(key, operation.Name, content, context.RequestAborted))
            {
                case MessageBinding.Answered known:
                    await calls.EndAsync(service.Name, caller, operation.Name, "repeat", key, answer: null, release: false, context.RequestAborted);
                    return known.Answer;
                case MessageBinding.OtherContent:
                    await calls.EndAsync(service.Name, caller, operation.Name, "soap.message-id-reused", key, answer: null, release: false, context.RequestAborted);
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
            await calls.EndAsync(service.Name, caller, operation.Name, "answered", key, call.AnswerIsProvisional ? null : payload, release: false, CancellationToken.None);
            return payload;
        }
        catch (FaultException fault)
        {
            await calls.EndAsync(service.Name, caller, operation.Name, $"fault: {fault.Reason}", key, answer: null, release: true, CancellationToken.None);
            throw;
        }
    }

    private static object Deserialize(SoapOperation operation, ReadOnlyMemory<byte> utf8, SoapVersion version)
    {
        using var body = EnvelopeReader.OpenBody(utf8, version);
        return operation.Read(body);
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

    private static Task Plain(HttpContext context, int status, string code, string text) =>
        Results.Problem(statusCode: status, title: code, detail: text).ExecuteAsync(context);

    [LoggerMessage(7001, LogLevel.Error, "A SOAP call failed. The caller was told that it is our fault and to repeat it.")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(7002, LogLevel.Warning, "A SOAP call was refused because the store did not commit: {Reason}")]
    private partial void LogUnavailable(string reason);
}
