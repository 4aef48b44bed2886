using static SchemaStream.Registry.Core.Associations.AssociationRefusals;

namespace SchemaStream.Registry.Core.Associations;

/// <summary>What an association must look like, whatever is there already.</summary>
internal static class AssociationShape
{
    private const int LongestName = 256;

    public static RegistryError? Check(ResourceName resource, IReadOnlyList<AssociationClaim> claims, Trial trial) =>
        CheckName(resource.Name, "resourceName", ".")
        ?? CheckName(resource.Namespace, "resourceNamespace", "")
        ?? (resource.OwnSubject(AssociationNames.Value).Fault() is { } reserved ? Invalid("resourceNamespace", reserved.Message) : null)
        ?? (trial == Trial.Real && string.IsNullOrEmpty(resource.Id) ? Invalid("resourceId", "it must be there") : null)
        ?? (resource.TypeOrTopic != AssociationNames.Topic ? Invalid("resourceType", $"it is '{AssociationNames.Topic}'") : null)
        ?? (claims.Count == 0 ? Invalid("associations", "there must be one at least") : null)
        ?? claims.Select(Check).FirstOrDefault(fault => fault is not null)
        ?? CheckDistinct(claims);

    private static RegistryError? Check(AssociationClaim claim)
    {
        if (claim.Subject is { } name)
        {
            if (name.Length == 0)
            {
                return Invalid("subject", "it must not be empty");
            }

            if (Subject.Parse(name).Fault() is { } fault)
            {
                return Invalid("subject", fault.Message);
            }
        }

        if (AssociationNames.SlotOf(claim.TypeOrValue) is null)
        {
            return Invalid("associationType", $"it is '{AssociationNames.Key}' or '{AssociationNames.Value}'");
        }

        if (claim.Lifecycle != AssociationLifecycle.Weak)
        {
            return null;
        }

        return claim.Schema is not null
            ? Invalid("lifecycle", "with a schema it is STRONG")
            : claim.Frozen == true ? Invalid("frozen", "what is WEAK is not frozen") : null;
    }

    private static RegistryError? CheckDistinct(IReadOnlyList<AssociationClaim> claims) =>
        claims.GroupBy(claim => claim.TypeOrValue).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? Invalid("associationType", $"'{twice.Key}' appears more than once")
            : null;

    /// <summary>Names of topics have dots, those of clusters become names of contexts and have none.</summary>
    private static RegistryError? CheckName(string? name, string property, string also)
    {
        if (string.IsNullOrEmpty(name) || name.Length > LongestName)
        {
            return Invalid(property, $"it has 1 to {LongestName} characters");
        }

        return name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' || also.Contains(c, StringComparison.Ordinal))
            ? null
            : Invalid(property, $"it consists of letters, digits, '_' and '-'{(also.Length > 0 ? " and '.'" : "")}");
    }
}
