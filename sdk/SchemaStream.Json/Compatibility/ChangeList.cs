namespace SchemaStream.Json.Compatibility;

/// <summary>The differences of a pair of schemas, bounded: where references fan out there could be billions.</summary>
internal sealed class ChangeList(JsonCompatibilityPolicy policy, StepBudget budget)
{
    private const int LongestPath = 2000;
    private const int PathOfAStep = 32;

    private readonly List<Change> _changes = [];
    private int _violations;

    /// <summary>Whether data of the one is valid under the other.</summary>
    public bool IsCompatible => _violations == 0;

    public IReadOnlyList<Change> Changes => _changes;

    public void Add(ChangeKind kind, string path)
    {
        var isHarmless = ChangeKinds.IsHarmless(kind, policy);
        var sameSort = isHarmless ? _changes.Count - _violations : _violations;
        _violations += isHarmless ? 0 : 1;
        if (sameSort < JsonSchemaLimits.MaxViolations)
        {
            budget.Take(1 + (path.Length / PathOfAStep));
            _changes.Add(new Change(kind, path.Length <= LongestPath ? path : path[..LongestPath] + "…"));
        }
        else if (!isHarmless)
        {
            // Counted alone while it is listed: past the bound the count stays where the list is.
            _violations = JsonSchemaLimits.MaxViolations;
        }
    }

    /// <summary>Takes over what was found from a place on.</summary>
    public void AddFrom(string place, ChangeList inner)
    {
        foreach (var change in inner._changes)
        {
            Add(change.Kind, Join(place, change.Path));
        }
    }

    public static string Join(string place, string step) =>
        place.Length == 0 ? step : step.Length == 0 ? place : $"{place}/{step}";
}
