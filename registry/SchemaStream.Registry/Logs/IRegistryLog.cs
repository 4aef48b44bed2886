using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry.Logs;

/// <summary>The one append-only sequence of facts that a registry is made of.</summary>
/// <remarks>
/// An SQLite file for a registry that runs alone, Kafka topics for several instances. Whoever wrote a record, this
/// instance or another, it comes back through the tail, and only that changes the registry. Every failure comes out as
/// <see cref="RegistryLogException"/>.
/// </remarks>
public interface IRegistryLog : IAsyncDisposable
{
    /// <summary>What a record that cannot be read means.</summary>
    UnreadableRecord UnreadableRecord { get; }

    /// <summary>Hands every record over from the beginning, in order, and from then on every one that is written.</summary>
    /// <returns>The ends as they were when the log was opened: once the tail has come so far, the registry is whole.</returns>
    Task<LogEnds> StartAsync(IRegistryTail tail, CancellationToken cancellationToken);

    /// <summary>Makes this instance the log's only writer, if it is not already, and keeps all earlier ones out.</summary>
    /// <returns>How far the tail must have come before anything may be decided.</returns>
    ValueTask<LogEnds> BeginAsync(CancellationToken cancellationToken);

    /// <summary>Appends records, durably once the task completes. The tail hands them over as well, then or later.</summary>
    /// <returns>The offset that each record has in its log.</returns>
    /// <exception cref="LogInterruptedException">Another writer has taken over, or it is not known what was written.</exception>
    ValueTask<IReadOnlyList<long>> AppendAsync(IReadOnlyList<LogRecord> records, CancellationToken cancellationToken);
}

/// <summary>Takes a log's records, in order.</summary>
public interface IRegistryTail
{
    /// <summary>Takes the next records; waits while too many are not worked off yet.</summary>
    ValueTask TakeAsync(TailBatch batch, CancellationToken cancellationToken);
}

/// <summary>Records that a log hands over, and where each of its logs ends after them.</summary>
/// <param name="Records">The records, in order; there may be none, where a log holds what is no record.</param>
/// <param name="Ends">How far the logs have been handed over; zero for a log that the batch does not speak of.</param>
public sealed record TailBatch(IReadOnlyList<TailRecord> Records, LogEnds Ends);

/// <summary>A record and its place in its log.</summary>
public readonly record struct TailRecord(long Offset, LogRecord Record);

/// <summary>Where the two logs end: the offset after the last record of each.</summary>
public readonly record struct LogEnds(long Schemas, long Contracts)
{
    public bool Covers(LogEnds other) => Schemas >= other.Schemas && Contracts >= other.Contracts;

    public LogEnds Or(LogEnds other) => new(Math.Max(Schemas, other.Schemas), Math.Max(Contracts, other.Contracts));

    /// <summary>The ends after a record.</summary>
    public LogEnds After(LogName log, long offset) => Or(log == LogName.Schemas ? new(offset + 1, 0) : new(0, offset + 1));
}

/// <summary>What to do about a record that is no JSON, or not of the form that its key promises.</summary>
public enum UnreadableRecord
{
    /// <summary>The log is this registry's alone, so it is broken: the registry does not start.</summary>
    Refused = 0,

    /// <summary>Others write there too: it is passed over, and told to the operator.</summary>
    PassedOver = 1,
}
