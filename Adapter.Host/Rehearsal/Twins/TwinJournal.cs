using System.Text.Json;
using System.Threading.Channels;

namespace Adapter.Host.Rehearsal.Twins;

/// <summary>The writing end of a twin's log. Records that wait at the same time share one flush to disk.</summary>
internal sealed class TwinJournal : IAsyncDisposable
{
    private readonly Channel<Line> _lines = Channel.CreateUnbounded<Line>(new UnboundedChannelOptions { SingleReader = true });
    private readonly FileStream _file;
    private readonly Task _writing;

    private TwinJournal(FileStream file)
    {
        _file = file;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Opens the log and cuts a torn last line off, so that the next record starts on a line of its own.</summary>
    public static (TwinJournal Journal, IReadOnlyList<TwinRecord> Kept) Open(string directory, string twin)
    {
        var file = new FileStream(TwinLog.PathOf(directory, twin), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            var (records, whole) = TwinLog.ReadWhole(file);
            file.SetLength(whole);
            file.Seek(whole, SeekOrigin.Begin);
            return (new TwinJournal(file), records);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Takes its place in the log at once; the task ends when the record is on disk.</summary>
    /// <exception cref="IOException">This or an earlier record could not be written. Nothing more is taken until a restart.</exception>
    public Task AppendAsync(TwinRecord record)
    {
        var line = new Line([.. JsonSerializer.SerializeToUtf8Bytes(record, TwinRecord.Json), (byte)'\n'], new(TaskCreationOptions.RunContinuationsAsynchronously));
        return _lines.Writer.TryWrite(line)
            ? line.Written.Task
            : throw new IOException($"{_file.Name} takes no more records: an earlier one could not be written, or the twin is stopping.");
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing;
        await _file.DisposeAsync();
    }

    private async Task WriteAsync()
    {
        var batch = new List<Line>();
        Exception? broken = null;
        while (await _lines.Reader.WaitToReadAsync())
        {
            while (_lines.Reader.TryRead(out var line))
            {
                batch.Add(line);
            }

            try
            {
                // What the file holds after a failure is not known, so no later record may be promised either.
                if (broken is not null)
                {
                    throw new IOException("An earlier record could not be written. Restart the twin.", broken);
                }

                foreach (var line in batch)
                {
                    _file.Write(line.Bytes);
                }

                _file.Flush(flushToDisk: true);
                batch.ForEach(line => line.Written.SetResult());
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                broken ??= failed;
                _lines.Writer.TryComplete();
                batch.ForEach(line => line.Written.SetException(failed));
            }

            batch.Clear();
        }
    }

    private sealed record Line(byte[] Bytes, TaskCompletionSource Written);
}
