namespace SchemaStream.Cli.Schemas.Comparing;

/// <summary>A part that is in one of two schemas, or in both and not the same.</summary>
/// <param name="Kind">ADDED, REMOVED or CHANGED.</param>
internal sealed record SchemaDifference(string Kind, string Path, string? From, string? To)
{
    public const string Added = "ADDED";
    public const string Removed = "REMOVED";
    public const string Changed = "CHANGED";

    /// <summary>All of them, by their places.</summary>
    public static IReadOnlyList<SchemaDifference> Between(SchemaText from, SchemaText to)
    {
        var (was, becomes) = (SchemaOutline.Of(from), SchemaOutline.Of(to));
        var differences = new List<SchemaDifference>();
        foreach (var path in was.Keys.Union(becomes.Keys).Order(StringComparer.Ordinal))
        {
            var (before, after) = (was.GetValueOrDefault(path), becomes.GetValueOrDefault(path));
            if (before != after)
            {
                differences.Add(new SchemaDifference(before is null ? Added : after is null ? Removed : Changed, path, before, after));
            }
        }

        return differences;
    }

    public override string ToString() => Kind switch
    {
        Added => $"+ {Path}  {To}",
        Removed => $"- {Path}  {From}",
        _ => $"~ {Path}  {From} -> {To}",
    };
}
