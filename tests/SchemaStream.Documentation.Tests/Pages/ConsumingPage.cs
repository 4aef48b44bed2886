using SchemaStream.TestKit;

namespace SchemaStream.Documentation.Tests.Pages;

/// <summary><c>docs/consuming.md</c>.</summary>
public sealed class ConsumingPage(Shop shop) : IClassFixture<Shop>
{
    private readonly TaskCompletionSource _allHandled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _handled;

    [Fact]
    public async Task Loop_ReadsRecordByRecord()
    {
        await using var client = shop.Stack.CreateClient();
        await FillAsync(client, Topics.Orders, 3);

        await using var orders = await client.CreateConsumerAsync(Topics.Orders, "billing");

        await foreach (var order in orders.ReadAllAsync())
        {
            await BillAsync(order.Key, order.Value);
            if (_handled == 3)
            {
                break;
            }
        }

        orders.Positions.Sum(position => Math.Max(position.Offset, 0)).ShouldBe(3);
    }

    [Fact]
    public async Task Batches_AreStoredTogether()
    {
        await using var client = shop.Stack.CreateClient();
        await FillAsync(client, Topics.Parcels, 20);
        var options = new ConsumerOptions { CommitMode = CommitMode.AfterHandling };
        await using var orders = await client.CreateConsumerAsync(Topics.Parcels, "warehouse", options);

        await foreach (var batch in orders.ReadBatchesAsync(new BatchOptions { MaxCount = 500 }))
        {
            await StoreAsync(batch);
            if (_handled == 20)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task Handlers_RunSideBySide()
    {
        await using var client = shop.Stack.CreateClient();
        await FillAsync(client, Topics.Letters, 20);
        using var stop = new CancellationTokenSource(TestTime.Limit);
        var stopping = stop.Token;
        await using var orders = await client.CreateConsumerAsync(Topics.Letters, "post");

        var processing = orders.ProcessAsync(
            async (order, cancellationToken) => await BillAsync(order.Key, order.Value, cancellationToken),
            new ProcessingOptions { Parallelism = 16, Order = ProcessingOrder.Key },
            stopping);

        await _allHandled.Task.WaitAsync(TestTime.Limit);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => processing);
    }

    [Fact]
    public async Task Steering_HoldsBackAndGoesElsewhere()
    {
        await using var client = shop.Stack.CreateClient();
        await FillAsync(client, Topics.Returns, 20);
        await using var orders = await client.CreateConsumerAsync(Topics.Returns, "returns");

        var clock = TimeProvider.System;
        var mine = await orders.WaitForAssignmentAsync();
        orders.Pause([mine[0]]); // of this partition nothing is handed out from now on
        orders.Resume([mine[0]]); // it goes on behind the last record that was

        await orders.SeekAsync(mine[0], PartitionOffset.Beginning);
        await orders.SeekAsync(mine[0], clock.GetUtcNow().AddHours(-1));

        await foreach (var order in orders.ReadAllAsync())
        {
            order.Offset.ShouldBe(0);
            break;
        }
    }

    [Fact]
    public async Task Callbacks_HearOfPartitions()
    {
        await using var client = shop.Stack.CreateClient();
        await FillAsync(client, Topics.Audits, 5);
        var offsets = new OffsetTable();
        var options = new ConsumerOptions
        {
            CommitMode = CommitMode.Manual,
            PartitionsAssigned = assigned =>
            {
                foreach (var position in assigned.Positions)
                {
                    assigned.StartAt(new TopicPartition(position.Topic, position.Partition), offsets.Of(position.Partition));
                }

                return ValueTask.CompletedTask;
            },
            PartitionsRevoked = async revoked => await revoked.CommitAsync(),
        };
        await using var orders = await client.CreateConsumerAsync(Topics.Audits, "audit", options);
        await foreach (var order in orders.ReadAllAsync())
        {
            order.Offset.ShouldBe(2);
            break;
        }
    }

    [Fact]
    public async Task NewGroupProtocol_IsOneSetting()
    {
        await using var client = shop.Stack.CreateClient();
        await FillAsync(client, Topics.Audits, 1);
        var options = new ConsumerOptions
        {
            ConfigureTransport = settings => settings["group.protocol"] = "consumer",
        };
        await using var orders = await client.CreateConsumerAsync(Topics.Audits, "newcomers", options);
        await foreach (var order in orders.ReadAllAsync())
        {
            order.Offset.ShouldBe(0);
            break;
        }
    }

    private static async Task FillAsync(SchemaStreamClient client, Topic<string, OrderPlaced> topic, int count)
    {
        await client.EnsureTopicAsync(topic, new TopicSpecification { PartitionCount = 1 });
        await using var producer = await client.CreateProducerAsync(topic);
        for (var n = 0; n < count; n++)
        {
            await producer.EnqueueAsync($"customer-{n % 7}", new OrderPlaced($"o-{n}", 100 * n));
        }

        await producer.FlushAsync();
    }

    private Task BillAsync(string customer, OrderPlaced order, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Increment(ref _handled) == 20)
        {
            _allHandled.SetResult();
        }

        return Task.CompletedTask;
    }

    private Task StoreAsync(ConsumedBatch<string, OrderPlaced> batch)
    {
        _handled += batch.Count;
        return Task.CompletedTask;
    }

    public static class Topics
    {
        public static readonly Topic<string, OrderPlaced> Orders = Topic.Avro<string, OrderPlaced>("orders");
        public static readonly Topic<string, OrderPlaced> Parcels = Topic.Avro<string, OrderPlaced>("parcels");
        public static readonly Topic<string, OrderPlaced> Letters = Topic.Avro<string, OrderPlaced>("letters");
        public static readonly Topic<string, OrderPlaced> Returns = Topic.Avro<string, OrderPlaced>("returns");
        public static readonly Topic<string, OrderPlaced> Audits = Topic.Avro<string, OrderPlaced>("audits");
    }

    public sealed record OrderPlaced(string OrderId, long Cents);

    /// <summary>Offsets that an application keeps beside its own data.</summary>
    private sealed class OffsetTable
    {
        private readonly Dictionary<int, long> _offsets = new() { [0] = 2 };

        public long Of(int partition) => _offsets[partition];
    }
}
