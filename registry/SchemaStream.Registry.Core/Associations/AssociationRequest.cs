using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Associations;

/// <summary>A resource as a client names it.</summary>
public sealed record ResourceName(string? Name, string? Namespace, string? Id, string? Type)
{
    /// <summary>The kind of resource; there is one.</summary>
    public string TypeOrTopic => string.IsNullOrEmpty(Type) ? AssociationNames.Topic : Type;

    /// <summary>The subject that is the resource's own: in a context of its cluster, under the topic's name.</summary>
    public Subject OwnSubject(string associationType) => Subject.Parse($":.{Namespace}:{Name}-{associationType}");
}

/// <summary>Which subject a resource's key or value is to have, as a client says it.</summary>
public sealed record AssociationClaim
{
    public string? Subject { get; init; }

    /// <summary>Key or value; null means value.</summary>
    public string? Type { get; init; }

    public AssociationLifecycle? Lifecycle { get; init; }

    public bool? Frozen { get; init; }

    /// <summary>A schema to register along with it.</summary>
    public SchemaRequest? Schema { get; init; }

    public string TypeOrValue => string.IsNullOrEmpty(Type) ? AssociationNames.Value : Type;
}

/// <summary>What is to be done to one association of a resource.</summary>
public sealed record AssociationOp(AssociationOpKind Kind, AssociationClaim Claim)
{
    /// <summary>Whether a strong one takes its subject with it.</summary>
    public Cascade Cascade { get; init; }
}

/// <summary>What can be done to an association.</summary>
public enum AssociationOpKind
{
    /// <summary>It is new; the same again is no change.</summary>
    Create = 0,

    /// <summary>It is made, or changed as far as it can be.</summary>
    Upsert = 1,

    Delete = 2,
}

/// <summary>What goes with a strong association.</summary>
public enum Cascade
{
    /// <summary>Nothing, and so it cannot go.</summary>
    None = 0,

    /// <summary><c>cascadeLifecycle=true</c>: the subject, for good.</summary>
    Subject = 1,
}

/// <summary>Whether a decision is carried out.</summary>
public enum Trial
{
    Real = 0,

    /// <summary><c>dryRun=true</c>: it is only decided.</summary>
    DryRun = 1,
}

/// <summary>A resource's associations, with the schemas that were registered or asked for.</summary>
public sealed record ResourceAssociations(
    string? Name, string? Namespace, string? Id, string? Type, IReadOnlyList<AssociatedSubject> Associations);

/// <summary>An association and, perhaps, a schema of its subject.</summary>
public sealed record AssociatedSubject(Association Association, SubjectSchema? Schema);
