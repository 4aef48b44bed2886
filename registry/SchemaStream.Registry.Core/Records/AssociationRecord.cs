namespace SchemaStream.Registry.Core.Records;

/// <summary>A statement of which subject a resource's key or value has; null is its end.</summary>
public sealed record AssociationRecord(AssociationKey Key, AssociationValue? Value) : RegistryRecord;

/// <summary>What an association is about. The resource's id is not part of it.</summary>
/// <param name="ResourceName">The topic's name.</param>
/// <param name="ResourceNamespace">The cluster that the topic is of, as its users name it.</param>
/// <param name="ResourceType">The kind of resource: <c>topic</c>.</param>
/// <param name="AssociationType">Which part of it: <c>key</c> or <c>value</c>.</param>
/// <param name="Subject">The subject that has the part's schemas.</param>
public readonly record struct AssociationKey(
    string ResourceName, string ResourceNamespace, string ResourceType, string AssociationType, Subject Subject);

/// <summary>What is said of it.</summary>
/// <param name="Guid">Its name among associations.</param>
/// <param name="ResourceId">The resource's id: a topic made anew has another one.</param>
/// <param name="Lifecycle">Whether the subject is the resource's own.</param>
/// <param name="Frozen">Whether the association can only be given up with its subject.</param>
public sealed record AssociationValue(string Guid, string ResourceId, AssociationLifecycle Lifecycle, bool Frozen);
