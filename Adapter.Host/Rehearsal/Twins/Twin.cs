using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using System.Xml.Schema;

namespace Adapter.Host.Rehearsal.Twins;

/// <summary>One receiving system: takes a request, has it on disk, and answers, unless an order says otherwise.</summary>
internal sealed class Twin : IAsyncDisposable
{
    private readonly ITwinDialect _dialect;
    private readonly XmlSchemaSet? _schemas;
    private readonly TwinOrders _orders;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;
    private readonly TwinJournal _journal;
    private readonly TwinMemory _memory;
    private readonly Lock _gate = new();

    public Twin(ITwinDialect dialect, XmlSchemaSet? schemas, string directory, TwinOrders orders, TimeProvider time, CancellationToken stopping)
    {
        (_dialect, _schemas, _orders, _time, _stopping) = (dialect, schemas, orders, time, stopping);
        if (schemas is { IsCompiled: false })
        {
            schemas.Compile();
        }

        _memory = new TwinMemory(dialect.Idempotent);
        (_journal, var kept) = TwinJournal.Open(directory, dialect.Name);
        foreach (var record in kept)
        {
            _memory.Recall(record);
        }
    }

    public string Name => _dialect.Name;

    public string Path => _dialect.Path;

    public int Effects
    {
        get
        {
            lock (_gate)
            {
                return _memory.Effects;
            }
        }
    }

    public async Task HandleAsync(HttpContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping);
        try
        {
            await HandleAsync(context, _orders.Take(Name), ending.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or BadHttpRequestException || context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    private async Task HandleAsync(HttpContext context, TwinOrder order, CancellationToken ending)
    {
        if (order.Mode == TwinMode.Down)
        {
            context.Abort();
            return;
        }

        var bytes = await ReadAsync(context.Request.Body, ending);
        var announced = SoapForm.Of(context.Request.ContentType);
        var form = announced is not null && _dialect.Speaks.Contains(announced) ? announced : _dialect.Speaks[0];
        var (body, message, problem) = Understand(bytes, announced, form);
        if (order.Mode == TwinMode.Cut)
        {
            context.Abort();
            return;
        }

        if (problem is not null)
        {
            await AnswerAsync(context, form, problem, ending);
            return;
        }

        TwinAnswer? answer;
        try
        {
            answer = await TakeAsync(message!, body!, bytes!, form.ActionIn(context.Request), order.Mode);
        }
        catch (IOException failed)
        {
            await AnswerAsync(context, form, new SoapFault(SoapFaultKind.Receiver, $"The twin cannot keep what it receives: {failed.Message}"), ending);
            return;
        }

        if (order.Mode is TwinMode.Slow or TwinMode.AcceptThenSilent)
        {
            await Task.Delay(TimeSpan.FromSeconds(order.Seconds), _time, ending);
        }

        if (order.Mode == TwinMode.AcceptThenSilent)
        {
            context.Abort();
        }
        else if (answer is null)
        {
            await AnswerAsync(context, form, new SoapFault(SoapFaultKind.Receiver, "The rehearsal was told to fail."), ending);
        }
        else
        {
            await WriteAsync(context, StatusCodes.Status200OK, form, SoapEnvelope.Write(form, answer.Body), ending);
        }
    }

    private (XElement? Body, TwinMessage? Message, SoapFault? Problem) Understand(byte[]? bytes, SoapForm? announced, SoapForm form)
    {
        if (bytes is null)
        {
            return (null, null, new SoapFault(SoapFaultKind.Sender, $"The message is larger than {SoapEnvelope.MostBytes} bytes."));
        }

        if (announced != form)
        {
            return (null, null, new SoapFault(
                SoapFaultKind.VersionMismatch, $"The {Name} system takes content of type {string.Join(" or ", _dialect.Speaks.Select(f => f.MediaType))}."));
        }

        var reading = SoapEnvelope.Read(bytes, form);
        if (reading is EnvelopeReading.Refused refused)
        {
            return (null, null, refused.Fault);
        }

        var body = ((EnvelopeReading.Body)reading).Content;
        if (_dialect.Read(body) is not { } message)
        {
            return (null, null, new SoapFault(SoapFaultKind.Sender, $"The {Name} system knows no message {body.Name}, or the message has no id."));
        }

        return _schemas is not null && BodyValidation.FirstError(body, _schemas) is { } error
            ? (null, null, new SoapFault(SoapFaultKind.Sender, $"The message is not valid: {error}"))
            : (body, message, null);
    }

    /// <summary>Judges, and has the record on disk before it returns.</summary>
    /// <returns>The answer, or null when a fault is to be answered.</returns>
    private async Task<TwinAnswer?> TakeAsync(TwinMessage message, XElement body, byte[] bytes, string action, TwinMode mode)
    {
        var xml = body.ToString(SaveOptions.DisableFormatting);
        var bodySha256 = Sha256(Encoding.UTF8.GetBytes(xml));
        var sha256 = Sha256(bytes);
        TwinAnswer? answer = null;
        Task written;
        // Judging and taking a place in the log are one step: the log's order is the order of the decisions.
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            var effect = 0;
            if (mode != TwinMode.Fault)
            {
                var verdict = _memory.Judge(message, bodySha256, refuse: mode == TwinMode.Refuse, now);
                effect = verdict.Effect;
                if (mode == TwinMode.Acknowledge && verdict.Finding == TwinFinding.TookEffect)
                {
                    verdict = verdict with { Finding = TwinFinding.Acknowledged };
                }

                answer = _dialect.Answer(mode == TwinMode.WrongId ? message with { MessageId = AnotherId(message.MessageId) } : message, verdict);
            }

            written = _journal.AppendAsync(new TwinRecord(
                now, Name, message.MessageId, message.Sequence, message.Subject, message.Kind, message.Element, action,
                effect, answer?.Result ?? TwinRecord.Fault, sha256, bodySha256, xml)
            {
                Withdraws = message.Withdraws,
            });
        }

        await written;
        return answer;
    }

    private static string AnotherId(string id) => new([.. id.Reverse()]);

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <returns>The content, or null when it is too large.</returns>
    private static async Task<byte[]?> ReadAsync(Stream body, CancellationToken ending)
    {
        using var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, ending)) > 0)
        {
            if (content.Length + read > SoapEnvelope.MostBytes)
            {
                return null;
            }

            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }

    /// <summary>SOAP 1.1 answers every fault with 500; 1.2 has 400 for the sender's faults.</summary>
    private static Task AnswerAsync(HttpContext context, SoapForm form, SoapFault fault, CancellationToken ending) => WriteAsync(
        context,
        form == SoapForm.Soap12 && fault.Kind == SoapFaultKind.Sender ? StatusCodes.Status400BadRequest : StatusCodes.Status500InternalServerError,
        form, SoapEnvelope.Write(form, fault), ending);

    private static async Task WriteAsync(HttpContext context, int status, SoapForm form, byte[] content, CancellationToken ending)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = form.MediaType + "; charset=utf-8";
        context.Response.ContentLength = content.Length;
        await context.Response.Body.WriteAsync(content, ending);
    }
}
