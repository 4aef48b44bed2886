namespace SchemaStream.Registry.Core;

/// <summary>Whether a subject lives and dies with the resource that it is associated with.</summary>
public enum AssociationLifecycle
{
    /// <summary>Others may share the subject, and it stays when the resource goes.</summary>
    Weak = 0,

    /// <summary>It is the resource's own: no one shares or references it.</summary>
    Strong = 1,
}

/// <summary>Names of what associations are made of, as Confluent has them.</summary>
public static class AssociationNames
{
    public const string Topic = "topic";
    public const string Key = "key";
    public const string Value = "value";

    /// <summary>A namespace or a name that stands for any; also the namespace of what is said without one.</summary>
    public const string Any = "-";

    public static string NameOf(AssociationLifecycle lifecycle) =>
        lifecycle == AssociationLifecycle.Strong ? "STRONG" : "WEAK";

    public static AssociationLifecycle? LifecycleOf(string? name) => name?.ToUpperInvariant() switch
    {
        "STRONG" => AssociationLifecycle.Strong,
        "WEAK" => AssociationLifecycle.Weak,
        _ => null,
    };

    public static RecordSlot? SlotOf(string type) => type switch
    {
        Key => RecordSlot.Key,
        Value => RecordSlot.Value,
        _ => null,
    };
}
