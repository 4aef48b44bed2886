using SchemaStream;
using SchemaStream.Registry.Client;
using Shop.Contracts;

namespace Orders.Api;

/// <summary>Sends the outbox to the topic: every row once, in order.</summary>
/// <remarks>
/// A row is not sent twice because how far the outbox is sent is written in the same Kafka transaction as the events, not in
/// the database afterwards: a crash in between would forget it. No row is left out because rows are only forgotten once that
/// transaction is committed. Of a failure that another try cannot help, such as another relay under the same id, the host
/// stops: orders that are accepted and never sent would be worse than none.
/// </remarks>
internal sealed partial class OutboxRelay(
    SchemaStreamClient client, OrderStore store, TimeProvider timeProvider, ILogger<OutboxRelay> logger) : BackgroundService
{
    private const int MostRows = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>A header of each event, for whoever has to find the request that made it.</summary>
    private const string KeyHeader = "idempotency-key";

    private bool _isFirst = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await RelayAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is TransactionAbortedException or BrokerException or RegistryUnreachableException)
            {
                // Whether the last transaction counts is not known here; it is after the next start of the loop.
                Again(failure.Message);
            }

            await Task.Delay(Pause, timeProvider, stoppingToken);
        }
    }

    private async Task RelayAsync(CancellationToken stoppingToken)
    {
        // First the producer: it ends what a relay before it left open, and no other can commit under its id from now on.
        await using var producer = await client.CreateTransactionalProducerAsync($"orders-{store.Id}", cancellationToken: stoppingToken);
        var sent = await SentThroughAsync(stoppingToken);
        if (_isFirst)
        {
            DemandThatDatabaseIsNotOlder(sent);
            _isFirst = false;
        }

        Begins(sent);
        while (true)
        {
            store.ForgetOutbox(sent);
            var rows = store.ReadOutbox(sent, MostRows);
            if (rows.Count == 0)
            {
                await store.WaitForNewsAsync(stoppingToken);
                continue;
            }

            await using var transaction = await producer.BeginAsync(stoppingToken);
            foreach (var row in rows)
            {
                var options = new RecordOptions
                {
                    Timestamp = row.Order.PlacedAt,
                    Headers = new RecordHeaders().Add(KeyHeader, row.IdempotencyKey),
                };
                await transaction.EnqueueAsync(Topics.Orders, row.Order.Customer, row.Order, options, stoppingToken);
            }

            await transaction.EnqueueAsync(Topics.OutboxProgress, store.Id, rows[^1].Sequence, cancellationToken: stoppingToken);
            await transaction.CommitAsync(stoppingToken);
            sent = rows[^1].Sequence;
        }
    }

    private async Task<long> SentThroughAsync(CancellationToken stoppingToken)
    {
        await using var progress = await client.CreateTableAsync(Topics.OutboxProgress, cancellationToken: stoppingToken);
        return progress.TryGet(store.Id, out var sequence) ? sequence : 0;
    }

    /// <summary>Rows of a database that is older than the topic would take numbers that count as sent, and be forgotten.</summary>
    private void DemandThatDatabaseIsNotOlder(long sent)
    {
        var last = store.LastSequenceAtStart;
        if (sent > last)
        {
            throw new InvalidOperationException(
                $"The outbox is sent through row {sent}, but this database had {last} at its start: it is from a backup. Stop the API, and give it "
                + $"another identity: DELETE FROM outbox WHERE sequence <= {last}; UPDATE identity SET id = lower(hex(randomblob(16)))");
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The outbox is sent through row {Sequence}; what is behind it follows")]
    private partial void Begins(long sequence);

    [LoggerMessage(2, LogLevel.Warning, "The relay begins again: {Why}")]
    private partial void Again(string why);
}
