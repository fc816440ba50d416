using Adapter.Host.Storage;

namespace Adapter.Host.SoapServices;

/// <inheritdoc cref="ISoapCallStore"/>
internal sealed class SqlSoapCallStore(StoreWriter writer, TimeProvider time) : ISoapCallStore
{
    public Task<MessageBinding> BindAsync(MessageKey key, string operation, string sha256, CancellationToken cancellationToken) =>
        writer.WriteAsync<MessageBinding>(WriteUrgency.Ordinary, session =>
        {
            if (session.Execute(
                "INSERT INTO soap_messages (service, caller, message_id, operation, sha256, received_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (service, caller, message_id) DO NOTHING",
                key.Service, key.Caller, key.Id, operation, sha256, time.GetUtcNow().ToStored()) == 1)
            {
                return new MessageBinding.Open();
            }

            var (known, answer) = session.Query(
                "SELECT sha256, answer FROM soap_messages WHERE service = ?1 AND caller = ?2 AND message_id = ?3",
                row => (row.GetString(0), row.GetBytesOrNull(1)), key.Service, key.Caller, key.Id)[0];
            return known != sha256 ? new MessageBinding.OtherContent()
                : answer is null ? new MessageBinding.Open()
                : new MessageBinding.Answered(answer);
        }, cancellationToken);

    public Task EndAsync(
        string service, string caller, string operation, string outcome, MessageKey? key, byte[]? answer, bool release, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            if (key is not null && answer is not null)
            {
                // The first answer stays: two copies of one message may have been under way together.
                session.Execute(
                    "UPDATE soap_messages SET answer = ?4 WHERE service = ?1 AND caller = ?2 AND message_id = ?3 AND answer IS NULL", key.Service, key.Caller, key.Id, answer);
            }
            else if (key is not null && release)
            {
                session.Execute("DELETE FROM soap_messages WHERE service = ?1 AND caller = ?2 AND message_id = ?3 AND answer IS NULL", key.Service, key.Caller, key.Id);
            }

            AuditTrail.Append(session, time.GetUtcNow(), new Actor(caller), $"soap.{operation}", key is null ? service : $"{service} {key.Id}", outcome);
        }, cancellationToken);
}
