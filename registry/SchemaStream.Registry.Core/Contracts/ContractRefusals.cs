using System.Globalization;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Contracts;

/// <summary>The messages that teach the way out.</summary>
public static class ContractRefusals
{
    public static RegistryError OtherType(ContractsImage contracts, TopicSlot slot, BoundSlot bound, string offered) => new(
        ErrorCodes.ContractViolated,
        $"Topic '{slot.Topic}' carries {Name(bound.Contract.Format, bound.Contract.Type)} as its " +
        $"{ContractNames.NameOf(slot.Slot)} since {ContractGate.Stamp(bound)}; {offered} was offered. " +
        $"A topic's types never change, whatever the compatibility level. {WayOut(contracts, slot)}");

    /// <summary>The type is the same, but where its schemas live or how it evolves is bound as well.</summary>
    public static RegistryError OtherTerms(TopicSlot slot, BoundSlot bound, SlotContract offered) => new(
        ErrorCodes.ContractViolated,
        $"The {ContractNames.NameOf(slot.Slot)} of topic '{slot.Topic}' is bound {Terms(bound.Contract)} since " +
        $"{ContractGate.Stamp(bound)}; it was offered {Terms(offered)}. A contract does not change: leave out what you " +
        "do not need to state, or state what is bound.");

    /// <summary>The subject that a slot asks for holds the schemas of another slot, of another type.</summary>
    public static RegistryError SubjectTaken(TopicSlot slot, SlotContract claim, TopicSlot other, BoundSlot bound) => new(
        ErrorCodes.ContractViolated,
        $"The {ContractNames.NameOf(slot.Slot)} of topic '{slot.Topic}' cannot be {Name(claim.Format, claim.Type)} under " +
        $"subject '{claim.Subject}': that is for the {ContractNames.NameOf(other.Slot)} of topic '{other.Topic}', " +
        $"{Name(bound.Contract.Format, bound.Contract.Type)} since {ContractGate.Stamp(bound)}. Name another subject, such as " +
        $"'{slot.DefaultSubject}'.");

    public static RegistryError Frozen(ContractsImage contracts, TopicSlot slot, BoundSlot bound, Subject subject) => new(
        ErrorCodes.ContractViolated,
        $"The {ContractNames.NameOf(slot.Slot)} of topic '{slot.Topic}' ({Name(bound.Contract.Format, bound.Contract.Type)}) " +
        $"is FROZEN since {ContractGate.Stamp(bound)}: subject '{subject}' takes no other schema than the one it has" +
        (slot.Slot == RecordSlot.Key
            ? ", for a new schema id would change the keys' bytes and so their partitions. "
            : ". ") +
        WayOut(contracts, slot));

    /// <summary>A subject that bears a type's name holds that type, if topics are bound to it.</summary>
    public static RegistryError OtherRecord(
        ContractsImage contracts, TopicSlot slot, BoundSlot bound, Subject subject, string offered) => new(
        ErrorCodes.ContractViolated,
        $"Subject '{subject}' bears the name of a type that topic '{slot.Topic}' carries as its {ContractNames.NameOf(slot.Slot)} " +
        $"({SchemaFormatNames.NameOf(bound.Contract.Format)}) since {ContractGate.Stamp(bound)}; {offered} was offered. " +
        $"Register it under its own name, or a name that stands for no type. {WayOut(contracts, slot)}");

    public static RegistryError NoContract(string topic) => new(
        ErrorCodes.ContractNotFound,
        $"Topic '{topic}' has no contract. PUT /contracts/topics/{Uri.EscapeDataString(topic)} binds one; so does " +
        $"the first schema registered under '{topic}-key' or '{topic}-value'.");

    public static RegistryError TopicExists(string topic) => new(
        ErrorCodes.ReferenceExists,
        $"Topic '{topic}' exists, so its contract stands: what is in it would no longer be what it says. Delete the topic " +
        $"first, then unbind it; or begin a new one with POST /contracts/topics/{Uri.EscapeDataString(topic)}/successor.");

    public static RegistryError TopicUnknown(string topic) => new(
        ErrorCodes.ReferenceExists,
        $"This registry has no cluster to ask whether topic '{topic}' is gone. When you know that it is, an administrator " +
        $"says so with DELETE /contracts/topics/{Uri.EscapeDataString(topic)}?force=true.");

    public static RegistryError HasSuccessor(string topic, string successor, string offered) => new(
        ErrorCodes.ContractViolated,
        $"Topic '{topic}' has the successor '{successor}' already; '{offered}' was offered. What comes after that one is its " +
        $"successor: POST /contracts/topics/{Uri.EscapeDataString(successor)}/successor.");

    public static string Name(SchemaFormat format, string? type) =>
        type is null ? SchemaFormatNames.NameOf(format) : $"'{type}' ({SchemaFormatNames.NameOf(format)})";

    private static string Terms(SlotContract slot)
    {
        var subject = slot.Subject is null ? "without a subject" : $"under subject '{slot.Subject}'";
        return slot.Evolution is { } evolution ? $"{subject} with evolution {ContractNames.NameOf(evolution)}" : subject;
    }

    /// <summary>The topic that comes after this one, if there is one; else how to make it. And if the topic is no more, its end.</summary>
    private static string WayOut(ContractsImage contracts, TopicSlot slot)
    {
        var topic = Uri.EscapeDataString(slot.Topic);
        var gone = $" If topic '{slot.Topic}' is gone, an administrator frees its name with DELETE /contracts/topics/{topic}.";
        if (contracts.Latest(slot.Topic) is { } latest)
        {
            var carried = contracts.ByTopic[latest][slot.Slot]?.Contract is { } contract
                ? $", whose {ContractNames.NameOf(slot.Slot)} is {Name(contract.Format, contract.Type)}" +
                    (contract.Subject is { } subject ? $" under subject '{subject}'" : "")
                : "";
            return $"A different type means a new topic, and '{slot.Topic}' has a successor: '{latest}'{carried}.{gone}";
        }

        var successor = slot with { Topic = SuccessorOf(slot.Topic) };
        return $"A different type means a new topic: bind it with PUT /contracts/topics/{Uri.EscapeDataString(successor.Topic)} " +
            $"(or POST /contracts/topics/{topic}/successor, which links the two) and register its schema under " +
            $"'{successor.DefaultSubject}'." + gone;
    }

    /// <summary><c>orders</c> → <c>orders.v2</c> → <c>orders.v3</c>.</summary>
    public static string SuccessorOf(string topic)
    {
        var dot = topic.LastIndexOf(".v", StringComparison.Ordinal);
        return dot > 0 && int.TryParse(
            topic.AsSpan(dot + 2), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < int.MaxValue
            ? FormattableString.Invariant($"{topic[..dot]}.v{number + 1}")
            : topic + ".v2";
    }
}
