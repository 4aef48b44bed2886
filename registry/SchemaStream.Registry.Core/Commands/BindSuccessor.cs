using SchemaStream.Registry.Core.Contracts;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Commands;

/// <summary>
/// States what the topic carries that takes another's place, and links the two. What is left out is as it was; the same
/// again changes nothing.
/// </summary>
/// <param name="Topic">The topic whose types are to change.</param>
/// <param name="Successor">The new topic's name; null counts on: <c>orders</c>, <c>orders.v2</c>, <c>orders.v3</c>.</param>
/// <param name="Key">What the new topic's keys are; null as they were.</param>
/// <param name="Value">What the new topic's values are; null as they were.</param>
/// <param name="By">Who says so.</param>
public sealed record BindSuccessor(string Topic, string? Successor, SlotContract? Key, SlotContract? Value, string By)
    : IRegistryCommand<TopicContract>
{
    public Decision<TopicContract> Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now)
    {
        if (image.Contracts.ByTopic.GetValueOrDefault(Topic) is not { } old)
        {
            return ContractRefusals.NoContract(Topic);
        }

        var known = image.Contracts.Successors.GetValueOrDefault(Topic);
        var name = Successor ?? known ?? ContractRefusals.SuccessorOf(Topic);
        if (known is not null && known != name)
        {
            return ContractRefusals.HasSuccessor(Topic, known, name);
        }

        return image.Contracts.IsOrPrecedes(name, Topic)
            ? new RegistryError(ErrorCodes.InvalidContract, $"Topic '{name}' comes before '{Topic}'; it cannot come after it as well.")
            : new BindContract(name, Key ?? Same(old, RecordSlot.Key), Value ?? Same(old, RecordSlot.Value), By)
            {
                Predecessor = Topic,
            }.Decide(image, rules, now);
    }

    /// <summary>A subject that bears the old topic's name is not the new one's.</summary>
    private SlotContract? Same(ContractImage old, RecordSlot slot) => old[slot]?.Contract is { } contract
        ? contract with
        {
            Subject = contract.Subject == new TopicSlot(Topic, slot).DefaultSubject ? null : contract.Subject,
        }
        : null;
}
