using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SchemaStream.Hosting.Settings;
using SchemaStream.Hosting.Starting;

namespace SchemaStream.Hosting.Tables;

/// <summary>Reads a table in the background when the host starts, and again when reading has failed for want of brokers.</summary>
/// <remarks>
/// A failure that waiting does not mend, such as a record that cannot be read, ends the service, and the host does as its options
/// say. When the host stops, the table stays: handlers that still run may look something up in it.
/// </remarks>
internal sealed partial class TableService<TKey, TValue>(
    SchemaStreamClient client,
    HostedTable<TKey, TValue> table,
    TableSettings settings,
    IEqualityComparer<TKey>? keyComparer,
    TimeProvider timeProvider,
    ILogger logger) : BackgroundService
    where TKey : notnull
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private string Topic => table.Topic.Name;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ReadAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (Exception failure)
        {
            table.Fail(CauseOf(failure));
            Failed(Topic, failure);
            throw;
        }
    }

    private async Task ReadAsync(CancellationToken stoppingToken)
    {
        for (var backoff = new Backoff(LongestPause); ;)
        {
            try
            {
                var made = await client.CreateTableAsync(table.Topic, settings.ToOptions(), keyComparer, stoppingToken).ConfigureAwait(false);
                await table.TakeAsync(made).ConfigureAwait(false);
                backoff.Reset();
                Ready(Topic, made.Count);

                // For a record that never comes: so this ends when reading does.
                await made.WhenAppliedAsync(new RecordPosition(Topic, 0, long.MaxValue), stoppingToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (table.IsDisposed && !stoppingToken.IsCancellationRequested)
            {
                throw new OperationCanceledException("The host was disposed without being stopped.", failure, stoppingToken);
            }
            catch (Exception failure) when (Transient.Is(CauseOf(failure)))
            {
                table.BeginAgain(CauseOf(failure));
                Again(Topic, CauseOf(failure).Message);
            }

            await Task.Delay(backoff.Next(), timeProvider, stoppingToken).ConfigureAwait(false);
        }
    }

    /// <summary>A table that had been caught up says by whose fault it is not any more.</summary>
    private static Exception CauseOf(Exception failure) =>
        failure is InvalidOperationException { InnerException: { } cause } ? cause : failure;

    [LoggerMessage(3031, LogLevel.Information, "Topic {Topic}: the table is caught up, with {Count} keys")]
    private partial void Ready(string topic, int count);

    [LoggerMessage(3032, LogLevel.Warning, "Topic {Topic}: the table is read again: {Why}")]
    private partial void Again(string topic, string why);

    [LoggerMessage(3033, LogLevel.Critical, "Topic {Topic}: the table is not kept up to date any more")]
    private partial void Failed(string topic, Exception failure);
}
