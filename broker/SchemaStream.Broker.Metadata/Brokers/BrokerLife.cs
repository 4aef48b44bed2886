using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Brokers;

/// <summary>Brokers come, serve, fall silent and go; leadership follows.</summary>
internal static class BrokerLife
{
    public static RegisterBrokerReply Register(ControllerDraft draft, RegisterBrokerCommand command)
    {
        if (Check(command) is { } reason)
        {
            return command.Refused(ErrorCode.InvalidRegistration, reason);
        }

        var image = draft.Image;
        image.Brokers.TryGetValue(command.BrokerId, out var known);
        if (known is not null && known.IncarnationId == command.IncarnationId)
        {
            // The same process asks again: its first reply was lost, or an address of its changed.
            if (known.Rack != command.Rack || !known.Endpoints.SequenceEqual(command.Endpoints))
            {
                draft.Records.Add(Record(command, known.BrokerEpoch, known.Fenced));
            }

            return new RegisterBrokerReply(ErrorCode.None, null, known.BrokerEpoch);
        }

        if (known is { Fenced: false })
        {
            // The former process can lead nothing any more, whether it was missed yet or not.
            Elections.MoveAway(draft, command.BrokerId);
        }

        // An epoch no one had before: Kafka takes the record's offset, which only grows.
        var epoch = Math.Max(image.Offset + 1, image.Brokers.Values.Select(broker => broker.BrokerEpoch + 1).DefaultIfEmpty().Max());
        draft.Records.Add(Record(command, epoch, fenced: true));
        return new RegisterBrokerReply(ErrorCode.None, null, epoch);
    }

    public static BrokerStateReply Unfence(ControllerDraft draft, UnfenceBrokerCommand command)
    {
        if (Find(draft.Image, command.BrokerId, command.BrokerEpoch, out var error) is not { } broker)
        {
            return error;
        }

        if (broker.Fenced)
        {
            draft.Records.Add(new BrokerFencingRecord { BrokerId = broker.BrokerId, BrokerEpoch = broker.BrokerEpoch, Fenced = false });
            Elections.LeadAgain(draft, broker.BrokerId);
        }

        return Ok;
    }

    public static BrokerStateReply Fence(ControllerDraft draft, FenceBrokerCommand command)
    {
        if (Find(draft.Image, command.BrokerId, command.BrokerEpoch, out var error) is not { } broker)
        {
            return error;
        }

        if (!broker.Fenced)
        {
            Elections.MoveAway(draft, broker.BrokerId);
            draft.Records.Add(new BrokerFencingRecord { BrokerId = broker.BrokerId, BrokerEpoch = broker.BrokerEpoch, Fenced = true });
        }

        return Ok;
    }

    public static BrokerStateReply Unregister(ControllerDraft draft, UnregisterBrokerCommand command)
    {
        if (!draft.Image.Brokers.TryGetValue(command.BrokerId, out var broker))
        {
            return NotRegistered(command.BrokerId);
        }

        Elections.MoveAway(draft, broker.BrokerId);
        draft.Records.Add(new UnregisterBrokerRecord { BrokerId = broker.BrokerId, BrokerEpoch = broker.BrokerEpoch });
        return Ok;
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

    private static string? Check(RegisterBrokerCommand command)
    {
        if (command.BrokerId < 0)
        {
            return $"A broker's id is not negative: {command.BrokerId}.";
        }

        if (command.Endpoints.IsDefaultOrEmpty)
        {
            return $"Broker {command.BrokerId} has no endpoint.";
        }

        var broken = command.Endpoints.FirstOrDefault(endpoint => endpoint.Host.Length == 0 || endpoint.Port is < 1 or > ushort.MaxValue);
        return broken is null ? null : $"Broker {command.BrokerId} cannot be reached at {broken.Host}:{broken.Port}.";
    }

    private static RegisterBrokerRecord Record(RegisterBrokerCommand command, long epoch, bool fenced) => new()
    {
        BrokerId = command.BrokerId,
        IncarnationId = command.IncarnationId,
        BrokerEpoch = epoch,
        Endpoints =
        [.. command.Endpoints.Select(endpoint => new RegisterBrokerRecord.BrokerEndpoint
        {
            Listener = endpoint.Listener,
            Host = endpoint.Host,
            Port = (ushort)endpoint.Port,
            SecurityProtocol = endpoint.SecurityProtocol,
        })],
        Rack = command.Rack,
        Fenced = fenced,
    };
}
