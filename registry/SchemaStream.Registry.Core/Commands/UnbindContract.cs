using SchemaStream.Registry.Core.Contracts;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Commands;

/// <summary>Ends a topic's contract once the topic is gone. Replies what was bound.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Presence">Whether the topic is still there.</param>
/// <param name="By">Who says so.</param>
public sealed record UnbindContract(string Topic, TopicPresence Presence, string By) : IRegistryCommand<TopicContract>
{
    public Decision<TopicContract> Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now)
    {
        if (image.Contracts.ByTopic.GetValueOrDefault(Topic) is not { } contract)
        {
            return ContractRefusals.NoContract(Topic);
        }

        return Presence switch
        {
            TopicPresence.Exists => ContractRefusals.TopicExists(Topic),
            TopicPresence.Unknown => ContractRefusals.TopicUnknown(Topic),
            _ => new Decision<TopicContract>(contract.ToContract(), [new UnbindRecord(Topic, now, By)]),
        };
    }
}
