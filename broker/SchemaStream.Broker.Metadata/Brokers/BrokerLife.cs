using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Partitions;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Brokers;

/// <summary>Brokers serve, are lost and go; leadership follows.</summary>
internal static class BrokerLife
{
    public static BrokerStateReply Unregister(ControllerDraft draft, UnregisterBrokerCommand command)
    {
        if (!draft.Image.Brokers.TryGetValue(command.BrokerId, out var broker))
        {
            return NotRegistered(command.BrokerId);
        }

        draft.Records.Add(new UnregisterBrokerRecord { BrokerId = broker.BrokerId, BrokerEpoch = broker.BrokerEpoch });
        draft.Sessions.Forget(broker.BrokerId);
        MoveAway(draft, broker.BrokerId);
        return Ok;
    }

    /// <summary>The broker serves from now on.</summary>
    public static void Unfence(ControllerDraft draft, BrokerRegistration broker)
    {
        draft.Records.Add(BrokerRecords.Fencing(broker, fenced: false, inControlledShutdown: false));
        draft.Enter(broker.BrokerId);
        if (!PartitionUpkeep.LeadAgain(draft, broker.BrokerId))
        {
            draft.Upkeep.Remember(broker.BrokerId);
        }
    }

    /// <summary>The broker serves no longer.</summary>
    public static void Fence(ControllerDraft draft, BrokerRegistration broker)
    {
        draft.Records.Add(BrokerRecords.Fencing(broker, fenced: true, inControlledShutdown: false));
        MoveAway(draft, broker.BrokerId);
    }

    /// <summary>The broker serves those who do not know yet, and leads nothing more.</summary>
    public static void BeginShutdown(ControllerDraft draft, BrokerRegistration broker)
    {
        draft.Records.Add(BrokerRecords.Fencing(broker, fenced: false, inControlledShutdown: true));
        MoveAway(draft, broker.BrokerId);
    }

    public static AllocateProducerIdsReply AllocateProducerIds(ControllerDraft draft, AllocateProducerIdsCommand command)
    {
        if (Find(draft.Image, command.BrokerId, command.BrokerEpoch, out var error) is null)
        {
            return command.Refused(error.ErrorCode, error.ErrorMessage!);
        }

        var first = draft.Image.NextProducerId;
        if (first > long.MaxValue - AllocateProducerIdsCommand.BlockSize)
        {
            return command.Refused(ErrorCode.UnknownServerError, "All producer ids have been given out.");
        }

        draft.Records.Add(new ProducerIdsRecord
        {
            BrokerId = command.BrokerId,
            BrokerEpoch = command.BrokerEpoch,
            NextProducerId = first + AllocateProducerIdsCommand.BlockSize,
        });
        return new AllocateProducerIdsReply(ErrorCode.None, null, first, AllocateProducerIdsCommand.BlockSize);
    }

    private static BrokerStateReply Ok { get; } = new(ErrorCode.None, null);

    private static void MoveAway(ControllerDraft draft, int brokerId)
    {
        draft.Leave(brokerId);
        if (!PartitionUpkeep.MoveAway(draft, brokerId))
        {
            draft.Upkeep.Remember(brokerId);
        }
    }

    private static BrokerStateReply NotRegistered(int brokerId) =>
        new(ErrorCode.BrokerIdNotRegistered, $"Broker {brokerId} is not registered.");

    private static BrokerRegistration? Find(MetadataImage image, int brokerId, long brokerEpoch, out BrokerStateReply error)
    {
        error = Ok;
        if (!image.Brokers.TryGetValue(brokerId, out var broker))
        {
            error = NotRegistered(brokerId);
            return null;
        }

        if (broker.BrokerEpoch != brokerEpoch)
        {
            error = new BrokerStateReply(
                ErrorCode.StaleBrokerEpoch, $"Broker {brokerId} is registered in epoch {broker.BrokerEpoch}, not {brokerEpoch}.");
            return null;
        }

        return broker;
    }
}
