using System.Buffers;
using System.Text.Json;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Controller.Wire;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Controller;

/// <summary>Every command and every reply arrives as it was sent.</summary>
public sealed class ControllerApiTests
{
    private static readonly Guid SomeId = new("7a0c1e52-3f4b-4d5e-8f60-718293a4b5c6");
    private static readonly Type[] LocalCommands =
    [
        typeof(InitializeClusterCommand), typeof(RecoverClusterCommand),
    ];

    [Fact]
    public void EveryCommand_TravelsOrIsTheControllersOwn()
    {
        var commands = typeof(CreateTopicsCommand).Assembly.GetTypes()
            .Where(type => type.BaseType is { IsGenericType: true } parent && parent.GetGenericTypeDefinition() == typeof(ControllerCommand<>));

        ControllerApis.All.Select(api => api.CommandType).Concat(LocalCommands).ShouldBe(commands, ignoreOrder: true);
    }

    [Fact]
    public void RegisterBroker_ArrivesAsItWasSent()
    {
        var command = new RegisterBrokerCommand(
            7, SomeId, [new BrokerEndpoint("PLAINTEXT", "one", 9092), new BrokerEndpoint("TLS", "::1", 65535, 1)], "rack")
        {
            DirectoryId = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
            PreviousShutdownWasClean = true,
        };
        Check(ControllerApis.RegisterBroker, command);
        Check(ControllerApis.RegisterBroker, command with { Rack = null, PreviousShutdownWasClean = false });
        CheckReply(ControllerApis.RegisterBroker, new RegisterBrokerReply(ErrorCode.None, null, 1L << 40));
    }

    [Fact]
    public void BrokerHeartbeat_ArrivesAsItWasSent()
    {
        Check(ControllerApis.BrokerHeartbeat, new BrokerHeartbeatCommand(7, 1L << 40, 99, WantFence: true, WantShutDown: false));
        Check(ControllerApis.BrokerHeartbeat, new BrokerHeartbeatCommand(7, 8, -1, WantFence: false, WantShutDown: true));
        CheckReply(ControllerApis.BrokerHeartbeat, new BrokerHeartbeatReply(ErrorCode.None, null) { IsCaughtUp = true, IsFenced = false });
        CheckReply(ControllerApis.BrokerHeartbeat, new BrokerHeartbeatReply(ErrorCode.None, null) { IsFenced = true, ShouldShutDown = true });
    }

    [Fact]
    public void AlterPartition_ArrivesAsItWasSent()
    {
        Check(
            ControllerApis.AlterPartition,
            new AlterPartitionCommand(7, 8, [new PartitionAlteration(SomeId, 1, 2, 3, [new IsrMember(7, 8), new IsrMember(9)])]));
        CheckReply(
            ControllerApis.AlterPartition,
            new AlterPartitionReply(
                ErrorCode.None,
                null,
                [
                    new AlteredPartition(SomeId, 1, ErrorCode.None) { Leader = 7, LeaderEpoch = 2, PartitionEpoch = 4, Isr = [7, 9] },
                    new AlteredPartition(SomeId, 2, ErrorCode.FencedLeaderEpoch),
                ]));
    }

    [Fact]
    public void AllocateProducerIds_ArrivesAsItWasSent()
    {
        Check(ControllerApis.AllocateProducerIds, new AllocateProducerIdsCommand(7, 8));
        CheckReply(ControllerApis.AllocateProducerIds, new AllocateProducerIdsReply(ErrorCode.None, null, 5000, 1000));
    }

    [Fact]
    public void CreateTopics_ArrivesAsItWasSent()
    {
        var topic = new NewTopic("orders")
        {
            PartitionCount = 3,
            ReplicationFactor = 2,
            Assignments = [new PartitionAssignment(0, [1, 2]), new PartitionAssignment(1, [2, 3])],
            Configs = [new("retention.ms", "1"), new("segment.bytes", null)],
        };
        Check(ControllerApis.CreateTopics, new CreateTopicsCommand([topic, new NewTopic("bare")], ValidateOnly: true));
        CheckReply(
            ControllerApis.CreateTopics,
            new CreateTopicsReply(
            [
                new CreatedTopic("orders", ErrorCode.None, null)
                {
                    TopicId = SomeId,
                    PartitionCount = 3,
                    ReplicationFactor = 2,
                    Configs =
                    [
                        new TopicConfigEntry(
                            "retention.ms", "1", ConfigSource.DynamicTopicConfig, ConfigType.Long, "How long.",
                            [new ConfigSynonym("log.retention.ms", null, ConfigSource.DefaultConfig)]),
                    ],
                },
                CreatedTopic.Failed("bare", ErrorCode.InvalidReplicationFactor, "too many"),
            ]));
    }

    [Fact]
    public void DeleteTopics_ArrivesAsItWasSent()
    {
        Check(ControllerApis.DeleteTopics, new DeleteTopicsCommand([TopicSelector.ByName("orders"), TopicSelector.ById(SomeId)]));
        CheckReply(
            ControllerApis.DeleteTopics,
            new DeleteTopicsReply(
                [new DeletedTopic("orders", SomeId, ErrorCode.None, null), new DeletedTopic(null, SomeId, ErrorCode.UnknownTopicId, "no")]));
    }

    [Fact]
    public void CreatePartitions_ArrivesAsItWasSent()
    {
        Check(
            ControllerApis.CreatePartitions,
            new CreatePartitionsCommand(
                [new PartitionGrowth("orders", 5), new PartitionGrowth("others", 2, [[1, 2], [3]])], ValidateOnly: true));
        CheckReply(
            ControllerApis.CreatePartitions,
            new CreatePartitionsReply([new TopicResult("orders", ErrorCode.None, null), new TopicResult("others", ErrorCode.InvalidPartitions, "no")]));
    }

    [Fact]
    public void AlterTopicConfigs_ArrivesAsItWasSent()
    {
        var alteration = new TopicConfigAlteration(
            "orders", [new ConfigChange("a", ConfigOperation.Append, "1"), new ConfigChange("b", ConfigOperation.Delete, null)], ReplaceAll: true);
        Check(ControllerApis.AlterTopicConfigs, new AlterTopicConfigsCommand([alteration], ValidateOnly: true));
        CheckReply(ControllerApis.AlterTopicConfigs, new AlterTopicConfigsReply([new TopicResult("orders", ErrorCode.InvalidConfig, "no")]));
    }

    [Fact]
    public void AlterBrokerConfigs_ArrivesAsItWasSent()
    {
        var alteration = new BrokerConfigAlteration("", [new ConfigChange("a", ConfigOperation.Subtract, "1")]);
        Check(ControllerApis.AlterBrokerConfigs, new AlterBrokerConfigsCommand([alteration]));
        CheckReply(ControllerApis.AlterBrokerConfigs, new AlterBrokerConfigsReply([new BrokerConfigResult("1", ErrorCode.None, null)]));
    }

    [Fact]
    public void ElectLeaders_ArrivesAsItWasSent()
    {
        Check(ControllerApis.ElectLeaders, new ElectLeadersCommand(ElectionType.Unclean, [new PartitionSelector("orders", 3)]));
        Check(ControllerApis.ElectLeaders, new ElectLeadersCommand(ElectionType.Preferred, null));
        CheckReply(
            ControllerApis.ElectLeaders,
            new ElectLeadersReply(ErrorCode.None, null, [new PartitionResult("orders", 3, ErrorCode.ElectionNotNeeded, "no")]));
    }

    [Fact]
    public void AlterPartitionReassignments_ArrivesAsItWasSent()
    {
        Check(
            ControllerApis.AlterPartitionReassignments,
            new AlterPartitionReassignmentsCommand([new PartitionReassignment("orders", 0, [1, 2]), new PartitionReassignment("orders", 1, null)])
            {
                AllowReplicationFactorChange = false,
            });
        CheckReply(
            ControllerApis.AlterPartitionReassignments,
            new AlterPartitionReassignmentsReply(ErrorCode.None, null, [new PartitionResult("orders", 0, ErrorCode.None, null)]));
    }

    [Fact]
    public void UnregisterBroker_ArrivesAsItWasSent()
    {
        Check(ControllerApis.UnregisterBroker, new UnregisterBrokerCommand(7));
        CheckReply(ControllerApis.UnregisterBroker, new BrokerStateReply(ErrorCode.None, null));
    }

    [Fact]
    public void ErrorInsteadOfAReply_ArrivesAsAnError()
    {
        var answer = new ControllerAnswer<CreateTopicsReply>(ErrorCode.NotController, "not me", null, -1);

        AnswerOf(ControllerApis.CreateTopics, answer).ShouldBe(answer);
        AnswerOf(
            ControllerApis.RegisterBroker, new(ErrorCode.None, null, new(ErrorCode.DuplicateBrokerRegistration, "taken", -1), 5))
            .ShouldBe(new(ErrorCode.DuplicateBrokerRegistration, "taken", null, -1));
    }

    private static void Check<TCommand, TReply, TRequest, TResponse>(
        ControllerApi<TCommand, TReply, TRequest, TResponse> api, TCommand command)
        where TCommand : ControllerCommand<TReply>
        where TReply : class
        where TRequest : class, IRequestMessage<TResponse>, IApiMessage, new()
        where TResponse : class, IResponseMessage, IApiMessage, new() =>
        ContentOf(CommandOf(api, command)).ShouldBe(ContentOf(command));

    private static void CheckReply<TCommand, TReply, TRequest, TResponse>(
        ControllerApi<TCommand, TReply, TRequest, TResponse> api, TReply reply)
        where TCommand : ControllerCommand<TReply>
        where TReply : class
        where TRequest : class, IRequestMessage<TResponse>, IApiMessage, new()
        where TResponse : class, IResponseMessage, IApiMessage, new()
    {
        var answer = AnswerOf(api, new(ErrorCode.None, null, reply, 123));
        answer.Error.ShouldBe(ErrorCode.None);
        answer.MetadataOffset.ShouldBe(123);
        ContentOf(answer.Reply).ShouldBe(ContentOf(reply));
    }

    /// <summary>Lists are equal by what is in them, whatever they are.</summary>
    private static string ContentOf<T>(T value) => JsonSerializer.Serialize(value);

    private static TCommand CommandOf<TCommand, TReply, TRequest, TResponse>(
        ControllerApi<TCommand, TReply, TRequest, TResponse> api, TCommand command)
        where TCommand : ControllerCommand<TReply>
        where TReply : class
        where TRequest : class, IRequestMessage<TResponse>, IApiMessage, new()
        where TResponse : class, IResponseMessage, IApiMessage, new()
    {
        var arrived = Sent(api.RequestOf(command, "some cluster"), TRequest.MaxVersion);
        api.ClusterIdOf(arrived).ShouldBe("some cluster");
        return api.CommandOf(arrived);
    }

    private static ControllerAnswer<TReply> AnswerOf<TCommand, TReply, TRequest, TResponse>(
        ControllerApi<TCommand, TReply, TRequest, TResponse> api, ControllerAnswer<TReply> answer)
        where TCommand : ControllerCommand<TReply>
        where TReply : class
        where TRequest : class, IRequestMessage<TResponse>, IApiMessage, new()
        where TResponse : class, IResponseMessage, IApiMessage, new() =>
        api.AnswerOf(Sent(api.ResponseOf(answer), TResponse.MaxVersion));

    private static TMessage Sent<TMessage>(TMessage message, short version)
        where TMessage : IMessage, new()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        message.Write(ref writer, version);
        writer.Flush();
        var reader = new KafkaReader(output.WrittenMemory);
        var arrived = new TMessage();
        arrived.Read(ref reader, version);
        return arrived;
    }
}
