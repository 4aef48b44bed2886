namespace SchemaStream.Protocol.Tests;

public sealed class MessageCatalogTests
{
    [Fact]
    public void All_AreInOrderAndMakeTheirOwnMessages()
    {
        MessageCatalog.All.Select(api => api.ApiKey).ShouldBe(MessageCatalog.All.Select(api => api.ApiKey).Order());
        foreach (var api in MessageCatalog.All)
        {
            api.NewRequest().Api.ShouldBe(api.ApiKey);
            api.NewResponse().Api.ShouldBe(api.ApiKey);
            api.Name.ShouldBe(api.ApiKey.ToString());
            MessageCatalog.Find(api.ApiKey).ShouldBe(api);
        }
    }

    [Fact]
    public void Find_WhenAnApiHasNoDefinition_IsNull() => MessageCatalog.Find((ApiKey)999).ShouldBeNull();

    // What clients from 2023 on need, and what Kafka 4.2 has at most.
    [Theory]
    [InlineData(ApiKey.Produce, 3, 13, 9)]
    [InlineData(ApiKey.Fetch, 4, 18, 12)]
    [InlineData(ApiKey.ListOffsets, 1, 11, 6)]
    [InlineData(ApiKey.Metadata, 0, 13, 9)]
    [InlineData(ApiKey.OffsetCommit, 2, 10, 8)]
    [InlineData(ApiKey.OffsetFetch, 1, 10, 6)]
    [InlineData(ApiKey.FindCoordinator, 0, 6, 3)]
    [InlineData(ApiKey.JoinGroup, 0, 9, 6)]
    [InlineData(ApiKey.Heartbeat, 0, 4, 4)]
    [InlineData(ApiKey.LeaveGroup, 0, 5, 4)]
    [InlineData(ApiKey.SyncGroup, 0, 5, 4)]
    [InlineData(ApiKey.DescribeGroups, 0, 6, 5)]
    [InlineData(ApiKey.ListGroups, 0, 5, 3)]
    [InlineData(ApiKey.SaslHandshake, 0, 1, short.MaxValue)]
    [InlineData(ApiKey.ApiVersions, 0, 4, 3)]
    [InlineData(ApiKey.CreateTopics, 2, 7, 5)]
    [InlineData(ApiKey.DeleteTopics, 1, 6, 4)]
    [InlineData(ApiKey.InitProducerId, 0, 5, 2)]
    [InlineData(ApiKey.OffsetForLeaderEpoch, 2, 4, 4)]
    [InlineData(ApiKey.DescribeConfigs, 1, 4, 4)]
    [InlineData(ApiKey.CreatePartitions, 0, 3, 2)]
    [InlineData(ApiKey.DescribeCluster, 0, 2, 0)]
    [InlineData(ApiKey.ConsumerGroupHeartbeat, 0, 1, 0)]
    public void Find_GivesTheVersionsThatAreDefined(ApiKey apiKey, short first, short last, short firstFlexible)
    {
        var api = MessageCatalog.Find(apiKey)!;
        (api.MinVersion, api.MaxVersion, api.FirstFlexibleVersion).ShouldBe((first, last, firstFlexible));
    }

    [Fact]
    public void ErrorCode_HasKafkasNumbersWithoutAGap()
    {
        Enum.GetValues<ErrorCode>().Select(code => (int)code).Order().ShouldBe(Enumerable.Range(-1, 135));
        ((short)ErrorCode.NotLeaderOrFollower, (short)ErrorCode.UnknownTopicId, (short)ErrorCode.InvalidRecord)
            .ShouldBe(((short)6, (short)100, (short)87));
    }
}
