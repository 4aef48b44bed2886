using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Associations;

/// <summary>Why an association is not made, changed or given up.</summary>
internal static class AssociationRefusals
{
    public static RegistryError Invalid(string property, string why) =>
        new(ErrorCodes.InvalidAssociation, $"The association property '{property}' is not valid: {why}.");

    public static RegistryError ResourceTaken(string type, string? resource) => new(
        ErrorCodes.ResourceAssociated,
        $"The {type} of resource '{resource}' is associated already, and otherwise. Read what it has, or change that.");

    public static RegistryError SubjectTaken(Subject subject) => new(
        ErrorCodes.SubjectAssociated,
        $"Subject '{subject}' is associated with a resource already: delete that association first.");

    public static RegistryError SubjectOwned(Subject subject) => new(
        ErrorCodes.SubjectStronglyAssociated,
        $"Subject '{subject}' is strongly associated: it belongs to another resource alone.");

    public static RegistryError NoVersion(Subject subject) => new(
        ErrorCodes.NoActiveVersion,
        $"Subject '{subject}' has no live version: register a schema there first, or send one along.");

    public static RegistryError Frozen(string type, Subject subject) => new(
        ErrorCodes.AssociationFrozen,
        $"The association of the {type} with subject '{subject}' is frozen: it stays as it is until its topic goes, and goes " +
        "then with its subject, by cascadeLifecycle=true.");

    public static RegistryError NotFound(string? resource) =>
        new(ErrorCodes.AssociationNotFound, $"Resource '{resource}' has no such association.");

    public static RegistryError Referenced(Subject subject) => new(
        ErrorCodes.ReferenceExists,
        $"Subject '{subject}' is referenced by other schemas and cannot belong to one resource alone.");

    /// <summary>What a contract would say of a topic's key or value is not what an association says.</summary>
    public static RegistryError OtherContract(TopicSlot slot, Subject subject, SlotContract contract) => new(
        ErrorCodes.ContractViolated,
        $"The {ContractNames.NameOf(slot.Slot)} of topic '{slot.Topic}' is associated with subject '{subject}'; a contract " +
        (contract.Subject is { } other ? $"under subject '{other}'" : $"of {SchemaFormatNames.NameOf(contract.Format)}") +
        " would say otherwise. State that subject, or none, or delete the association first.");

    public static RegistryError ByContract(string topic) => RegistryError.NotPermitted(
        $"This association is what the contract of topic '{topic}' says. Once the topic is gone an administrator unbinds it: " +
        $"DELETE /contracts/topics/{Uri.EscapeDataString(topic)}.");
}
