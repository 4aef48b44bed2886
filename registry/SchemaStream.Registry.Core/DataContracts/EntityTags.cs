namespace SchemaStream.Registry.Core.DataContracts;

/// <summary>Tags on a part of a schema: what <c>schemaTags</c> of the API holds, and what a schema's text may carry.</summary>
/// <param name="EntityPath">
/// The part, as Confluent writes it: a record's full name, or that and a field's name, such as <c>com.acme.Order.id</c>.
/// </param>
/// <param name="Type">Whether that is a record or a field.</param>
/// <param name="Tags">The tags, in the order of the text.</param>
public sealed record EntityTags(string EntityPath, SchemaEntityType Type, IReadOnlyList<string> Tags)
{
    /// <summary>
    /// The longest path, in characters. Parts deeper down, or of longer names, carry no tags: one schema could else make
    /// gigabytes of paths.
    /// </summary>
    public const int LongestPath = 4096;

    private const int MostTagsOfAPart = 1000;

    /// <summary>One change for each part, however often the parts were named; too many tags of one are refused.</summary>
    public static Outcome<IReadOnlyList<EntityTags>> Merge(IReadOnlyList<EntityTags> changes)
    {
        var merged = new List<EntityTags>();
        foreach (var part in changes.GroupBy(change => (change.NormalizedPath, change.Type)))
        {
            string[] tags = [.. part.SelectMany(change => change.Tags).Distinct(StringComparer.Ordinal)];
            if (tags.Length > MostTagsOfAPart)
            {
                return RegistryError.InvalidSchema(
                    $"There are {tags.Length} tags for '{part.First().ShownPath}'; at most {MostTagsOfAPart} are taken at once.");
            }

            merged.Add(part.First() with { Tags = tags });
        }

        return merged;
    }

    /// <summary>The path for a message.</summary>
    public string ShownPath => EntityPath.Length <= LongestPath ? EntityPath : EntityPath[..LongestPath] + "...";

    /// <summary>The path as it is compared: a dot at its beginning says nothing.</summary>
    public string NormalizedPath => EntityPath.StartsWith('.') ? EntityPath[1..] : EntityPath;
}

/// <summary>A part of a schema that tags can be on.</summary>
public enum SchemaEntityType
{
    /// <summary>A record, a message, an object: <c>sr_record</c>.</summary>
    Record = 0,

    /// <summary>A field of one: <c>sr_field</c>.</summary>
    Field = 1,
}
