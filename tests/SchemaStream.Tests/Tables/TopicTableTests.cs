using Confluent.Kafka;
using SchemaStream.Tests.Consuming;
using SchemaStream.Tests.Stack;

namespace SchemaStream.Tests.Tables;

/// <summary>A compacted topic as a table.</summary>
public sealed class TopicTableTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Table_WhenMade_HoldsTheLatestOfEveryKey()
    {
        var notes = await NotesTopic.CreateAsync(fixture, partitions: 3);
        await notes.FillAsync(300, partitions: 3, keys: 30);
        await using (var producer = await fixture.Client.CreateProducerAsync(notes.Topic))
        {
            await producer.SendTombstoneAsync("k7", new RecordOptions { Partition = 1 });
        }

        await using var table = await fixture.Client.CreateTableAsync(notes.Topic).WaitAsync(Limit);

        table.IsReady.ShouldBeTrue();
        table.Count.ShouldBe(29);
        table.TryGet("k7", out _).ShouldBeFalse();
        table["k5"].ShouldBe("275");
        Should.Throw<KeyNotFoundException>(() => table["k7"]);
        table.ToDictionary().Count.ShouldBe(29);
        table.Positions.Sum(position => position.Offset).ShouldBe(301);
    }

    [Fact]
    public async Task Table_OfAnEmptyTopic_IsReady_AndTakesInWhatComes()
    {
        var notes = await NotesTopic.CreateAsync(fixture, partitions: 2);
        await using var table = await fixture.Client.CreateTableAsync(notes.Topic).WaitAsync(Limit);
        await using var producer = await fixture.Client.CreateProducerAsync(notes.Topic);

        var written = await producer.SendAsync("a", "1");
        await table.WhenAppliedAsync(written).WaitAsync(Limit);
        table["a"].ShouldBe("1");
        await table.WhenAppliedAsync(await producer.SendTombstoneAsync("a")).WaitAsync(Limit);
        table.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Changes_AreToldInTheirOrder()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        await notes.FillAsync(3);
        await using var table = await fixture.Client.CreateTableAsync(notes.Topic).WaitAsync(Limit);
        var changes = table.ReadChangesAsync();
        await using (var producer = await fixture.Client.CreateProducerAsync(notes.Topic))
        {
            await producer.SendAsync("a", "1");
            await producer.SendTombstoneAsync("a");
        }

        var seen = new List<TableChange<string, string>>();
        using var limit = new CancellationTokenSource(Limit);
        await foreach (var change in changes.WithCancellation(limit.Token))
        {
            seen.Add(change);
            if (seen.Count == 2)
            {
                break;
            }
        }

        seen.ShouldBe(
        [
            new("a", "1", false, new RecordPosition(notes.Name, 0, 3)),
            new("a", null!, true, new RecordPosition(notes.Name, 0, 4)),
        ]);
    }

    [Fact]
    public async Task ReaderOfChanges_ThatIsTooSlow_IsToldSo()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        await using var table = await fixture.Client.CreateTableAsync(
            notes.Topic, new TableOptions { ChangeCapacity = 5 }).WaitAsync(Limit);
        var changes = table.ReadChangesAsync();
        await notes.FillAsync(10);
        await table.WhenAppliedAsync(new RecordPosition(notes.Name, 0, 9)).WaitAsync(Limit);

        var seen = 0;
        var failure = await Should.ThrowAsync<InvalidOperationException>(async () =>
        {
            await foreach (var change in changes)
            {
                seen++;
            }
        });

        seen.ShouldBe(5);
        failure.Message.ShouldContain("5 changes behind");
    }

    [Fact]
    public async Task Table_WhenDisposed_EndsItsChanges_AndServesNothing()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        var table = await fixture.Client.CreateTableAsync(notes.Topic).WaitAsync(Limit);
        var changes = table.ReadChangesAsync();

        await table.DisposeAsync();

        await foreach (var change in changes)
        {
            change.ShouldBe(default);
        }

        Should.Throw<ObjectDisposedException>(() => table.TryGet("a", out _));
        Should.Throw<ObjectDisposedException>(() => table.Count);
        Should.Throw<ObjectDisposedException>(() => table.ReadChangesAsync());
        await Should.ThrowAsync<ObjectDisposedException>(() => table.WhenAppliedAsync(new RecordPosition(notes.Name, 0, 0)));
    }

    [Fact]
    public async Task Table_ThatMeetsAnUnreadableRecord_ServesNothingThatIsOutOfDate()
    {
        var orders = Topic.Avro<string, Contracts.OrderPlaced>($"orders-{Guid.NewGuid():N}");
        await fixture.Client.CreateTopicAsync(orders, new TopicSpecification { PartitionCount = 1 });
        await using var table = await fixture.Client.CreateTableAsync(orders).WaitAsync(Limit);
        await using var plain = new Transport.RawTopic<string, string>(
            fixture.Stack.BootstrapServers, Topic.Primitive<string, string>(orders.Name)).Produce();
        await plain.SendAsync("k", "poison");

        var position = new RecordPosition(orders.Name, 0, 0);
        (await Should.ThrowAsync<InvalidOperationException>(() => table.WhenAppliedAsync(position).WaitAsync(Limit)))
            .InnerException.ShouldBeOfType<RecordDecodeException>();

        Should.Throw<InvalidOperationException>(() => table.Count).InnerException.ShouldBeOfType<RecordDecodeException>();
        await Should.ThrowAsync<RecordDecodeException>(() => fixture.Client.CreateTableAsync(orders).WaitAsync(Limit));
        await using var skipping = await fixture.Client.CreateTableAsync(
            orders, new TableOptions { DecodeFailure = FailurePolicy.Skip }).WaitAsync(Limit);
        skipping.Count.ShouldBe(0);
        skipping.Positions[0].Offset.ShouldBe(1);
    }

    [Fact]
    public async Task Partition_ThatIsAddedLater_IsFound()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        await notes.FillAsync(3);
        var options = new TableOptions { ConfigureTransport = settings => settings["topic.metadata.refresh.interval.ms"] = "100" };
        await using var table = await fixture.Client.CreateTableAsync(notes.Topic, options).WaitAsync(Limit);
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = fixture.Stack.BootstrapServers }).Build())
        {
            await admin.CreatePartitionsAsync([new() { Topic = notes.Name, IncreaseTo = 2 }]);
        }

        await using var producer = await fixture.Client.CreateProducerAsync(notes.Topic);
        var added = await producer.SendAsync("new", "1", new RecordOptions { Partition = 1 });
        await table.WhenAppliedAsync(added).WaitAsync(Limit);

        table.Count.ShouldBe(2);
        (await producer.SendAsync("k0", "last", new RecordOptions { Partition = 0 })).Offset.ShouldBe(3);
        await table.WhenAppliedAsync(new RecordPosition(notes.Name, 0, 3)).WaitAsync(Limit);
        table["k0"].ShouldBe("last");
    }

    [Fact]
    public async Task Table_OfATopicThatIsNotThere_SaysSo()
    {
        var missing = Topic.Primitive<string, string>($"missing-{Guid.NewGuid():N}");

        var failure = await Should.ThrowAsync<BrokerException>(() => fixture.Client.CreateTableAsync(missing).WaitAsync(Limit));

        failure.Code.ShouldBe("UNKNOWN_TOPIC_OR_PART");
    }
}
