using System.Text;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Protocol.Tests.Golden;

/// <summary>What real clients send is understood to the last byte, and written again as they wrote it.</summary>
public sealed class GoldenFrameTests
{
    /// <summary>
    /// librdkafka ends this request with one set of tagged fields too many. Kafka does not look behind what it has read,
    /// and neither may we.
    /// </summary>
    private const string FrameWithOneByteTooMany = "librdkafka-2.15.1-AlterUserScramCredentials-v0";

    public static TheoryData<string> Frames() => [.. GoldenFrames.Names];

    [Theory]
    [MemberData(nameof(Frames))]
    public void Frame_OfARealClient_IsReadWhollyAndWrittenToTheSameBytes(string name)
    {
        var frame = GoldenFrames.Get(name);

        var (header, request, bytesLeft) = frame.Decode();

        header.ApiKey.ShouldBe(frame.Api.ApiKey);
        header.ApiVersion.ShouldBe(frame.Version);
        header.ClientId.ShouldNotBeNullOrEmpty();
        bytesLeft.ShouldBe(name == FrameWithOneByteTooMany ? 1 : 0);
        Convert.ToHexString(frame.Encode(header, request)).ShouldBe(Convert.ToHexString(frame.Bytes.AsSpan()[..^bytesLeft]));
    }

    [Theory]
    [InlineData("kcat-librdkafka-2.0.2-Produce-v7", "kcat", -1)]
    [InlineData("kafka-python-2.0.2-Produce-v7", "kafka-python-producer-1", 1)]
    [InlineData("kafkajs-2.2-Produce-v7", "kafkajs", -1)]
    [InlineData("librdkafka-2.15.1-Produce-v10", "dotnet", -1)]
    public void Produce_CarriesOneBatchForOrders(string name, string clientId, short acks)
    {
        var (header, request) = Decode<ProduceRequest>(name);

        header.ClientId.ShouldBe(clientId);
        request.Acks.ShouldBe(acks);
        var topic = request.TopicData.ShouldHaveSingleItem();
        topic.Name.ShouldBe("orders");
        var partition = topic.PartitionData.ShouldHaveSingleItem();
        partition.Index.ShouldBe(0);
        const int magicAt = 16;
        partition.Records!.Value.Span[magicAt].ShouldBe((byte)2);
    }

    [Fact]
    public void Fetch_OfACurrentLibrdkafka_NamesTheTopicById()
    {
        var (_, request) = Decode<FetchRequest>("librdkafka-2.15.1-Fetch-v16");

        request.ReplicaState.ShouldBeNull();
        var topic = request.Topics.ShouldHaveSingleItem();
        topic.TopicId.ShouldBe(Guid.Parse("11111111-2222-3333-4444-555555555555"));
        topic.Topic.ShouldBe("");
        topic.Partitions.ShouldHaveSingleItem().FetchOffset.ShouldBe(0);
    }

    [Fact]
    public void ApiVersions_NamesTheClient() =>
        Decode<ApiVersionsRequest>("librdkafka-2.15.1-ApiVersions-v3").Request.ClientSoftwareVersion.ShouldContain("2.15.1");

    [Fact]
    public void JoinGroup_OfAStaticMember_HasItsInstanceIdAndASubscription()
    {
        var (_, request) = Decode<JoinGroupRequest>("kcat-librdkafka-2.0.2-JoinGroup-v5");

        request.GroupId.ShouldBe("grp");
        request.GroupInstanceId.ShouldBe("one");
        request.ProtocolType.ShouldBe("consumer");
        var reader = new KafkaReader(request.Protocols[0].Metadata);
        var version = reader.ReadInt16();
        var subscription = new ConsumerProtocolSubscription();
        subscription.Read(ref reader, version);
        subscription.Topics.ShouldBe(["orders"]);
    }

    [Fact]
    public void ConsumerGroupHeartbeat_OfAJoiningMember_HasEpochZeroAndTopics()
    {
        var (_, request) = Decode<ConsumerGroupHeartbeatRequest>("librdkafka-2.15.1-ConsumerGroupHeartbeat-v1");

        request.MemberEpoch.ShouldBe(0);
        request.RackId.ShouldBe("r1");
        request.SubscribedTopicNames.ShouldBe(["orders"]);
    }

    [Fact]
    public void CreateTopics_OfKafkaPython_HasTheTopic()
    {
        var topic = Decode<CreateTopicsRequest>("kafka-python-2.0.2-CreateTopics-v3").Request.Topics.ShouldHaveSingleItem();

        (topic.Name, topic.NumPartitions, topic.ReplicationFactor).ShouldBe(("t2", 2, (short)1));
    }

    [Fact]
    public void AlterUserScramCredentials_CarriesBytesAsTheyAre() =>
        Encoding.UTF8.GetString(Decode<AlterUserScramCredentialsRequest>("librdkafka-2.15.1-AlterUserScramCredentials-v0")
            .Request.Upsertions.ShouldHaveSingleItem().Salt.Span).ShouldBe("s");

    private static (RequestHeader Header, TRequest Request) Decode<TRequest>(string name)
        where TRequest : IRequestMessage
    {
        var (header, request, _) = GoldenFrames.Get(name).Decode();
        return (header, request.ShouldBeOfType<TRequest>());
    }
}
