namespace SchemaStream.Avro.Codec;

/// <summary>What compiled decoders throw.</summary>
internal static class DecodeFaults
{
    public static T ThrowUnreadableBranch<T>(string branch, string problem) => throw new AvroDataException(
        $"the union holds a {branch}, which the reader does not take{(problem.Length == 0 ? "" : ": " + problem)}", isAfterValue: true);
}
