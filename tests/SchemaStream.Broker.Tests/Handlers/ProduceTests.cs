using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Handlers;

public sealed class ProduceTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    [Theory]
    [InlineData(3, -1)]
    [InlineData(5, 1)]
    [InlineData(8, -1)]
    [InlineData(9, 1)]
    [InlineData(12, -1)]
    public async Task Batches_AreAppendedOneAfterAnother(short version, short acks)
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic);
        for (var i = 0; i < 3; i++)
        {
            var response = await client.SendAsync(Wire.ProduceRequest(topic, Wire.Batch("a", "b"), acks: acks), version);
            var partition = response.Responses[0].PartitionResponses[0];
            partition.ErrorCode.ShouldBe(ErrorCode.None);
            partition.BaseOffset.ShouldBe(2 * i);
        }

        Wire.Values((await client.FetchAsync(topic, 0)).Records).ShouldBe(["a", "b", "a", "b", "a", "b"]);
    }

    [Fact]
    public async Task Topic_ById_TakesBatches()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        var id = await client.CreateTopicAsync(topic);
        var request = Wire.ProduceRequest("", Wire.Batch("by id"));
        request.TopicData[0].TopicId = id;
        var known = await client.SendAsync(request, 13);
        known.Responses[0].TopicId.ShouldBe(id);
        known.Responses[0].PartitionResponses[0].ErrorCode.ShouldBe(ErrorCode.None);

        request.TopicData[0].TopicId = Guid.NewGuid();
        (await client.SendAsync(request, 13)).Responses[0].PartitionResponses[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicId);
    }

    [Fact]
    public async Task Pipeline_KeepsItsOrder()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic);
        var values = Enumerable.Range(0, 100).Select(i => $"v{i}").ToArray();
        var pending = values
            .Select(value => client.SendAsync(Wire.ProduceRequest(topic, Wire.Batch(value)), Wire.ProduceVersion))
            .ToArray();
        var responses = await Task.WhenAll(pending).WaitAsync(TestTime.Limit);

        responses.Select(response => response.Responses[0].PartitionResponses[0].BaseOffset)
            .ShouldBe(Enumerable.Range(0, 100).Select(i => (long)i));
        Wire.Values((await client.FetchAsync(topic, 0)).Records).ShouldBe(values);
    }

    [Fact]
    public async Task Request_OfSeveralPartitions_AnswersEachForItself()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic, 2);
        var request = new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 1000,
            TopicData =
            [
                new()
                {
                    Name = topic,
                    PartitionData =
                    [
                        new() { Index = 1, Records = Wire.Batch("one") },
                        new() { Index = 7, Records = Wire.Batch("seven") },
                        new() { Index = 0, Records = null },
                        new() { Index = 0, Records = Wire.Batch("zero") },
                    ],
                },
                new() { Name = "not-there", PartitionData = [new() { Index = 0, Records = Wire.Batch("x") }] },
            ],
        };
        var response = await client.SendAsync(request, 9);

        response.Responses[0].PartitionResponses.Select(partition => (partition.Index, partition.ErrorCode)).ShouldBe(
        [
            (1, ErrorCode.None),
            (7, ErrorCode.UnknownTopicOrPartition),
            (0, ErrorCode.InvalidRecord),
            (0, ErrorCode.None),
        ]);
        response.Responses[1].PartitionResponses[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        (await client.LatestOffsetAsync(topic, 1)).ShouldBe(1);
        (await client.LatestOffsetAsync(topic, 0)).ShouldBe(1);
    }

    [Fact]
    public async Task Acks_ThatAreNone_AreRefused()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic);
        (await client.ProduceAsync(topic, Wire.Batch("x"), acks: 2)).ErrorCode.ShouldBe(ErrorCode.InvalidRequiredAcks);
        (await client.LatestOffsetAsync(topic)).ShouldBe(0);
    }

    [Fact]
    public async Task WithoutAcks_IsAppendedAndNotAnswered()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic);
        await client.SendWithoutResponseAsync(Wire.ProduceRequest(topic, Wire.Batch("silent"), acks: 0), Wire.ProduceVersion);

        (await client.ProduceAsync(topic, Wire.Batch("loud"))).BaseOffset.ShouldBe(1);
        Wire.Values((await client.FetchAsync(topic, 0)).Records).ShouldBe(["silent", "loud"]);
    }

    [Fact]
    public async Task WithoutAcks_ThatFails_ClosesTheConnection()
    {
        await using var client = await fixture.ConnectAsync();
        await client.SendWithoutResponseAsync(Wire.ProduceRequest("not-there", Wire.Batch("x"), acks: 0), Wire.ProduceVersion);
        await client.Closed.WaitAsync(TestTime.Limit);
    }

    [Fact]
    public async Task Batch_WithAWrongCrc_IsCorrupt()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic);
        var batch = Wire.Batch("a value that gets damaged");
        batch[^3] ^= 1;
        (await client.ProduceAsync(topic, batch)).ErrorCode.ShouldBe(ErrorCode.CorruptMessage);
        await fixture.Broker.Logs.WaitForAsync($"A batch for {topic}-0 was refused with CorruptMessage");
        (await client.ProduceAsync(topic, Wire.Batch("good"))).BaseOffset.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(61)]
    [InlineData(70)]
    public async Task Batch_ThatIsCutOff_IsRefused(int length)
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic);
        var batch = Wire.Batch("a value that is longer than what is left of it");
        var answer = await client.ProduceAsync(topic, batch.AsMemory(0, length));
        answer.ErrorCode.ShouldBeOneOf(ErrorCode.CorruptMessage, ErrorCode.InvalidRecord);
        await fixture.Broker.Logs.WaitForAsync($"A batch for {topic}-0 was refused with {answer.ErrorCode}");
        (await client.ProduceAsync(topic, Wire.Batch("good"))).BaseOffset.ShouldBe(0);
    }

    [Fact]
    public async Task Batch_OverTheTopicsLimit_IsTooLarge()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        var request = new CreateTopicsRequest
        {
            Topics = [new() { Name = topic, NumPartitions = 1, ReplicationFactor = 1, Configs = [new() { Name = "max.message.bytes", Value = "1000" }] }],
        };
        await client.SendAsync(request, 7);
        (await client.ProduceAsync(topic, Wire.Batch(new string('x', 1000)))).ErrorCode.ShouldBe(ErrorCode.MessageTooLarge);
    }

    [Fact]
    public async Task IdempotentProducer_WhenItRepeatsABatch_GetsTheFirstAnswerAgain()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic);
        var producer = await client.SendAsync(new InitProducerIdRequest { TransactionalId = null }, 4);
        producer.ErrorCode.ShouldBe(ErrorCode.None);

        (await client.ProduceAsync(topic, Sequenced(producer, 0, "a"))).BaseOffset.ShouldBe(0);
        (await client.ProduceAsync(topic, Sequenced(producer, 1, "b"))).BaseOffset.ShouldBe(1);
        var repeated = await client.ProduceAsync(topic, Sequenced(producer, 1, "b"));
        (repeated.ErrorCode, repeated.BaseOffset).ShouldBe((ErrorCode.None, 1L));
        (await client.ProduceAsync(topic, Sequenced(producer, 5, "f"))).ErrorCode.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
        (await client.LatestOffsetAsync(topic)).ShouldBe(2);
    }

    [Fact]
    public async Task Producers_EachGetAnIdOfTheirOwn()
    {
        await using var client = await fixture.ConnectAsync();
        var first = await client.SendAsync(new InitProducerIdRequest { TransactionalId = null }, 4);
        var second = await client.SendAsync(new InitProducerIdRequest { TransactionalId = null }, 0);
        second.ProducerId.ShouldNotBe(first.ProducerId);
        second.ProducerEpoch.ShouldBe((short)0);
    }

    [Fact]
    public async Task TransactionalRecords_WithoutATransactionalId_AreRefusedInWords()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic);
        var builder = new RecordBatchBuilder { IsTransactional = true, ProducerId = 1, ProducerEpoch = 0, BaseSequence = 0 };
        var answer = await client.ProduceAsync(topic, Wire.Batch(builder, "x"));
        answer.ErrorCode.ShouldBe(ErrorCode.TransactionalIdAuthorizationFailed);
        answer.ErrorMessage.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task InternalTopic_TakesNothingFromOutside()
    {
        await using var client = await fixture.ConnectAsync();
        await client.SendAsync(new FindCoordinatorRequest { Key = "g" }, 3);
        (await client.ProduceAsync("__consumer_offsets", Wire.Batch("x"))).ErrorCode.ShouldBe(ErrorCode.InvalidTopicException);
    }

    private static byte[] Sequenced(InitProducerIdResponse producer, int sequence, string value) => Wire.Batch(
        new RecordBatchBuilder { ProducerId = producer.ProducerId, ProducerEpoch = producer.ProducerEpoch, BaseSequence = sequence },
        value);
}
