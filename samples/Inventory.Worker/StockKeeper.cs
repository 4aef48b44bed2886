using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SchemaStream;
using SchemaStream.Registry.Client;
using Shop.Contracts;

namespace Inventory.Worker;

/// <summary>Takes what is ordered from the stock, exactly once.</summary>
internal sealed partial class StockKeeper(SchemaStreamClient client, TimeProvider timeProvider, ILogger<StockKeeper> logger)
    : BackgroundService
{
    private const string Name = "inventory";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly ConsumerOptions Reading = new()
    {
        CommitMode = CommitMode.Manual, // the transaction commits how far the orders are read
        SessionTimeout = TimeSpan.FromSeconds(6),
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await KeepAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is TransactionAbortedException or BrokerException or RegistryUnreachableException)
            {
                // Nothing of the transaction counts, so nothing that was worked out from it does: begin with what is committed.
                Again(failure.Message);
            }

            await Task.Delay(Pause, timeProvider, stoppingToken);
        }
    }

    private async Task KeepAsync(CancellationToken stoppingToken)
    {
        // In this order: the producer ends what a predecessor left open and fences it, so the table is complete and stays ours.
        await using var producer = await client.CreateTransactionalProducerAsync(Name, cancellationToken: stoppingToken);
        var levels = await CommittedLevelsAsync(stoppingToken);
        await using var orders = await client.CreateConsumerAsync(Topics.Orders, Name, Reading, stoppingToken);

        await foreach (var batch in orders.ReadBatchesAsync(cancellationToken: stoppingToken))
        {
            var changed = Apply(batch, levels);
            await using var transaction = await producer.BeginAsync(stoppingToken);
            foreach (var level in changed.Values)
            {
                await transaction.EnqueueAsync(Topics.Stock, level.Sku, level, cancellationToken: stoppingToken);
            }

            await transaction.AddPositionsAsync(orders, Behind(batch), stoppingToken);
            await transaction.CommitAsync(stoppingToken);
            foreach (var (sku, level) in changed)
            {
                levels[sku] = level;
            }
        }
    }

    /// <summary>The table as it is now: what the first day brought, where nothing was sold yet.</summary>
    private async Task<Dictionary<string, StockLevel>> CommittedLevelsAsync(CancellationToken stoppingToken)
    {
        await using var stock = await client.CreateTableAsync(Topics.Stock, cancellationToken: stoppingToken);
        var levels = Products.All.ToDictionary(product => product.Sku, product => new StockLevel(product.Sku, Products.InitialStock, Sold: 0));
        foreach (var (sku, level) in stock)
        {
            levels[sku] = level;
        }

        Loaded(stock.Count, levels.Values.Sum(level => level.Sold));
        return levels;
    }

    private static Dictionary<string, StockLevel> Apply(ConsumedBatch<string, OrderPlaced> orders, Dictionary<string, StockLevel> levels)
    {
        var changed = new Dictionary<string, StockLevel>();
        foreach (var order in orders)
        {
            foreach (var line in order.Value.Lines)
            {
                // One that is not in Products was sold by a program that knows more of them: it has to be ordered, all of it.
                var level = changed.GetValueOrDefault(line.Sku) ?? levels.GetValueOrDefault(line.Sku) ?? new StockLevel(line.Sku, Available: 0, Sold: 0);
                changed[line.Sku] = level with { Available = level.Available - line.Quantity, Sold = level.Sold + line.Quantity };
            }
        }

        return changed;
    }

    /// <summary>Where to read on in each partition.</summary>
    private static IEnumerable<RecordPosition> Behind(ConsumedBatch<string, OrderPlaced> batch) => batch
        .GroupBy(order => order.Partition)
        .Select(partition => partition.Last().Position)
        .Select(last => last with { Offset = last.Offset + 1 });

    [LoggerMessage(1, LogLevel.Information, "The stock of {Products} products is loaded; {Sold} items are sold")]
    private partial void Loaded(int products, int sold);

    [LoggerMessage(2, LogLevel.Warning, "The stock is loaded again: {Why}")]
    private partial void Again(string why);
}
