namespace SchemaStream.Json.Validation;

/// <summary>Which members or items of one value some schema has looked at: what <c>unevaluated…</c> asks.</summary>
internal sealed class Evaluated
{
    private readonly HashSet<int> _places = [];

    /// <summary>Notes a member's value or an item by its place on the tape.</summary>
    public void Add(int place) => _places.Add(place);

    public bool Contains(int place) => _places.Contains(place);

    public void AddAll(Evaluated others) => _places.UnionWith(others._places);
}
