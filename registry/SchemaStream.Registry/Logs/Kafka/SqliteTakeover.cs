using Microsoft.Extensions.Logging;

namespace SchemaStream.Registry.Logs.Kafka;

/// <summary>Brings the records of a registry that ran alone to the topics: once, all of them, in their order.</summary>
/// <remarks>
/// A mark beside the file says that it has begun. Whoever finds the mark begins again: records that come twice in the same
/// order say in the end what they said when they came once. The file is renamed when all is there.
/// </remarks>
internal sealed class SqliteTakeover(string directory, LogProducer producer, TimeProvider time, ILogger logger) : IRegistryTail
{
    private const string MarkEnding = ".moving";
    private const string DoneEnding = ".moved-to-kafka";

    private readonly string _file = Path.Combine(directory, SqliteLog.FileName);
    private long _records;

    /// <summary>Moves what there is to move.</summary>
    /// <returns>Whether anything was.</returns>
    public async Task<bool> RunAsync(LogEnds ends, CancellationToken cancellationToken)
    {
        if (!File.Exists(_file))
        {
            return false;
        }

        var mark = _file + MarkEnding;
        if (!File.Exists(mark) && ends != default)
        {
            RegistryMessages.NotTakenOver(logger, _file);
            return false;
        }

        await File.WriteAllBytesAsync(mark, [], cancellationToken).ConfigureAwait(false);
        await producer.BeginAsync(cancellationToken).ConfigureAwait(false);
        var old = SqliteLog.Open(directory, time);
        await using (old.ConfigureAwait(false))
        {
            await old.StartAsync(this, cancellationToken).ConfigureAwait(false);
        }

        File.Move(_file, _file + DoneEnding);
        File.Delete(mark);
        RegistryMessages.TakenOver(logger, _records, _file + DoneEnding);
        return true;
    }

    public async ValueTask TakeAsync(TailBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Records.Count > 0)
        {
            await producer
                .AppendAsync(batch.Records.Select(record => record.Record).ToList(), cancellationToken).ConfigureAwait(false);
            _records += batch.Records.Count;
        }
    }
}
