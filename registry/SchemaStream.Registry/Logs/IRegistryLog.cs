using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry.Logs;

/// <summary>The one append-only sequence of facts that a registry is made of.</summary>
/// <remarks>
/// Two of them are planned: an SQLite file for a registry that runs alone, and Kafka topics for several instances. Every
/// failure comes out as <see cref="RegistryLogException"/>.
/// </remarks>
public interface IRegistryLog : IAsyncDisposable
{
    /// <summary>Hands over every record from the beginning, in order.</summary>
    /// <returns>The log's end: how many records it has.</returns>
    ValueTask<long> ReplayAsync(Action<LogRecord> replay, CancellationToken cancellationToken);

    /// <summary>Appends a batch: all of it or nothing. It is durable when the task completes.</summary>
    /// <param name="records">The records, in order.</param>
    /// <param name="expectedEnd">Where the caller believes the end to be; another end is refused.</param>
    /// <param name="cancellationToken">Gives up before anything was written.</param>
    /// <returns>The new end.</returns>
    ValueTask<long> AppendAsync(
        IReadOnlyList<LogRecord> records, long expectedEnd, CancellationToken cancellationToken);
}
