/** Emoji by the names Slack gives them: those Vocero and its people use. */

export const EMOJI = Object.fromEntries(
  `white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|warning ⚠️|x ❌|hourglass ⌛|hourglass_flowing_sand ⏳|eyes 👀
pencil2 ✏️|pencil 📝|memo 📝|speech_balloon 💬|thought_balloon 💭|left_speech_bubble 🗨️|tada 🎉|calendar 📆|date 📅|spiral_calendar_pad 🗓️|octagonal_sign 🛑
large_green_circle 🟢|large_yellow_circle 🟡|large_orange_circle 🟠|red_circle 🔴|large_red_circle 🔴|large_blue_circle 🔵|large_purple_circle 🟣|white_circle ⚪|black_circle ⚫|large_brown_circle 🟤
large_green_square 🟩|large_yellow_square 🟨|large_red_square 🟥|large_blue_square 🟦|white_large_square ⬜|black_large_square ⬛|no_entry ⛔|no_entry_sign 🚫|double_vertical_bar ⏸️|pause_button ⏸️|arrow_forward ▶️
fast_forward ⏩|arrows_counterclockwise 🔄|repeat 🔁|inbox_tray 📥|outbox_tray 📤|envelope ✉️|email ✉️|incoming_envelope 📨|mailbox 📫|package 📦|mega 📣|loudspeaker 📢|bell 🔔|no_bell 🔕
rotating_light 🚨|fire 🔥|boom 💥|zap ⚡|sparkles ✨|star ⭐|star2 🌟|bulb 💡|mag 🔍|mag_right 🔎|lock 🔒|unlock 🔓|key 🔑|link 🔗|paperclip 📎|pushpin 📌|round_pushpin 📍|label 🏷️|bookmark 🔖
bar_chart 📊|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|clipboard 📋|page_facing_up 📄|newspaper 📰|books 📚|book 📖|open_book 📖|gear ⚙️|wrench 🔧|hammer_and_wrench 🛠️|test_tube 🧪|microscope 🔬|performing_arts 🎭
clock1 🕐|clock3 🕒|clock9 🕘|alarm_clock ⏰|stopwatch ⏱️|timer_clock ⏲️|watch ⌚|sunrise 🌅|sunny ☀️|crescent_moon 🌙|zzz 💤|wave 👋|thumbsup 👍|+1 👍|thumbsdown 👎|-1 👎|ok_hand 👌|clap 👏|raised_hands 🙌|pray 🙏|muscle 💪|handshake 🤝
raised_hand ✋|hand ✋|point_right 👉|point_left 👈|point_up ☝️|point_down 👇|writing_hand ✍️|heart ❤️|hearts ♥️|orange_heart 🧡|yellow_heart 💛|green_heart 💚|blue_heart 💙|purple_heart 💜|broken_heart 💔|heart_eyes 😍
smile 😄|smiley 😃|slightly_smiling_face 🙂|simple_smile 🙂|grinning 😀|joy 😂|laughing 😆|wink 😉|blush 😊|relieved 😌|neutral_face 😐|thinking_face 🤔|confused 😕|slightly_frowning_face 🙁|disappointed 😞|cry 😢|sob 😭|rage 😡|angry 😠|triumph 😤|scream 😱|sweat_smile 😅|sunglasses 😎|face_with_monocle 🧐|partying_face 🥳|robot_face 🤖|ghost 👻
bust_in_silhouette 👤|busts_in_silhouette 👥|family 👪|woman 👩|man 👨|speaking_head_in_silhouette 🗣️|office 🏢|house 🏠|house_with_garden 🏡|department_store 🏬|earth_africa 🌍|earth_americas 🌎|globe_with_meridians 🌐|iphone 📱|computer 💻|camera 📷|frame_with_picture 🖼️|art 🎨|movie_camera 🎥|clapper 🎬|scissors ✂️|broom 🧹|wastebasket 🗑️
coffee ☕|tea 🍵|croissant 🥐|bread 🍞|cake 🍰|birthday 🎂|cookie 🍪|beer 🍺|wine_glass 🍷|gift 🎁|trophy 🏆|medal 🏅|first_place_medal 🥇|game_die 🎲|ticket 🎫|rocket 🚀|airplane ✈️|car 🚗|rainbow 🌈|seedling 🌱|herb 🌿|cherry_blossom 🌸|rose 🌹|dog 🐶|cat 🐱
moneybag 💰|euro 💶|dollar 💵|credit_card 💳|receipt 🧾|scales ⚖️|shield 🛡️|crown 👑|dart 🎯|compass 🧭|world_map 🗺️|triangular_flag_on_post 🚩|checkered_flag 🏁|waving_white_flag 🏳️|es 🇪🇸|flag-es 🇪🇸|us 🇺🇸|flag-us 🇺🇸|gb 🇬🇧|uk 🇬🇧|flag-gb 🇬🇧|flag-mx 🇲🇽|flag-ar 🇦🇷|flag-co 🇨🇴|flag-cl 🇨🇱|flag-pe 🇵🇪|fr 🇫🇷|flag-fr 🇫🇷|de 🇩🇪|it 🇮🇹|flag-pt 🇵🇹|flag-eu 🇪🇺
information_source ℹ️|question ❓|grey_question ❔|exclamation ❗|heavy_exclamation_mark ❗|bangbang ‼️|interrobang ⁉️|heavy_plus_sign ➕|heavy_minus_sign ➖|new 🆕|ok 🆗|sos 🆘|up 🆙|back 🔙|soon 🔜|arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrow_upper_right ↗️|leftwards_arrow_with_hook ↩️|arrow_right_hook ↪️|twisted_rightwards_arrows 🔀|hash #️⃣|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|keycap_ten 🔟|zero 0️⃣|100 💯|speaker 🔈|mute 🔇|sound 🔉|see_no_evil 🙈|hear_no_evil 🙉|bird 🐦|blue_book 📘|notebook 📓|lower_left_ballpoint_pen 🖊️|construction 🚧|ambulance 🚑|sleeping 😴|ballot_box 🗳️|ear 👂|satellite_antenna 📡|satellite 🛰️|radar 📡|hot_pepper 🌶️|ice_cube 🧊|thermometer 🌡️|balloon 🎈|confetti_ball 🎊|copyright ©️|registered ®️|tm ™️|end 🔚|on 🔛|recycle ♻️|small_blue_diamond 🔹|small_orange_diamond 🔸|small_red_triangle 🔺|heavy_multiplication_x ✖️|bellhop_bell 🛎️|shopping_bags 🛍️|cyclone 🌀|ocean 🌊|detective 🕵️|sleuth_or_spy 🕵️|guardsman 💂|hugging_face 🤗|crossed_fingers 🤞|call_me_hand 🤙|v ✌️|fist ✊|facepunch 👊|selfie 🤳|nerd_face 🤓|upside_down_face 🙃|rolling_eyes 🙄|grimacing 😬|face_with_rolling_eyes 🙄|shrug 🤷|woman-shrugging 🤷‍♀️|man-shrugging 🤷‍♂️|facepalm 🤦
pizza 🍕|clinking_glasses 🥂|taco 🌮|doughnut 🍩|grin 😁|rolling_on_the_floor_laughing 🤣|kissing_heart 😘|exploding_head 🤯|black_heart 🖤|christmas_tree 🎄|jack_o_lantern 🎃|rain_cloud 🌧|soccer ⚽|musical_note 🎵`
    .split(/[|\n]/)
    .map((entry) => entry.trim().split(" ")),
);

/** What the small picker offers. */
export const PICKS = [
  "white_check_mark", "eyes", "thumbsup", "heart", "tada", "pray", "raised_hands", "fire",
  "smile", "joy", "thinking_face", "cry", "rage", "clap", "warning", "rocket",
];

/** The character for a name, or `:name:` as it was written. */
export function emoji(name) {
  const plain = name.replace(/::skin-tone-\d$/, "");
  return Object.hasOwn(EMOJI, plain) ? EMOJI[plain] : `:${name}:`;
}
