// The reactions that people use most, as the pictures that they are known by.

const PICTURES = {
  like: "👍", love: "❤️", heart: "❤️", haha: "😂", wow: "😮", sad: "😢", angry: "😠", fire: "🔥", thumbsup: "👍",
  thumbs_up: "👍", thumbsdown: "👎", thumbs_down: "👎", clap: "👏", rocket: "🚀", eyes: "👀", tada: "🎉",
};

export const OFFERED = ["like", "love", "haha", "wow", "sad"];

/** A picture, or the type itself. */
export const picture = (type) => PICTURES[type] ?? type;
