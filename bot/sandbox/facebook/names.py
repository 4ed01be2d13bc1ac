"""Every name that the Graph API knows where the sandbox serves it: fields that can be asked for, parameters taken.

Written from the tables of Meta's own SDK (`facebook-business` 26.0.3, Graph v26.0); a test compares them. `EXTRA_…`
are connections, which may be asked for like fields.
"""


def names(text: str) -> frozenset[str]:
    """Words between spaces."""
    return frozenset(text.split())


PAGE_FIELDS = names("""
    about access_token ad_campaign affiliation app_id artists_we_like attire available_promo_offer_ids
    awards band_interests band_members best_page bio birthday booking_agent breaking_news_usage built
    business can_checkin can_post category category_list checkins company_overview
    connected_instagram_account connected_page_backed_instagram_account contact_address
    copyright_attribution_insights copyright_whitelisted_ig_partners country_page_likes cover
    culinary_team current_location delivery_and_pickup_option_info description description_html
    differently_open_offerings directed_by display_subtext displayed_message_response_time
    does_viewer_have_page_permission_link_ig emails engagement fan_count featured_video features
    followers_count food_styles founded general_info general_manager genre global_brand_page_name
    global_brand_root_id has_added_app has_lead_access has_transitioned_to_new_page_experience
    has_whatsapp_business_number has_whatsapp_number hometown hours id impressum influences
    instagram_business_account is_always_open is_calling_eligible is_chain is_community_page
    is_eligible_for_branded_content is_eligible_for_disable_connect_ig_btn_for_non_page_admin_am_web
    is_messenger_bot_get_started_enabled is_messenger_platform_bot is_owned is_permanently_closed
    is_published is_unclaimed is_verified is_webhooks_subscribed keywords leadgen_tos_acceptance_time
    leadgen_tos_accepted leadgen_tos_accepting_user link location members merchant_id
    merchant_review_status messaging_feature_status messenger_ads_default_icebreakers
    messenger_ads_default_quick_replies messenger_ads_quick_replies_type mini_shop_storefront mission
    mpg name name_with_location_descriptor network new_like_count offer_eligible overall_star_rating
    owner_business page_backed_threads_account_id page_token parent_page parking payment_options
    personal_info personal_interests pharma_safety_info phone pickup_options place_type plot_outline
    preferred_audience press_contact price_range priority_hours privacy_info_url produced_by products
    promotion_eligible promotion_ineligible_reason public_transit rating_count recipient record_label
    release_date restaurant_services restaurant_specialties schedule screenplay_by season
    single_line_address starring start_info store_code store_location_descriptor store_number studio
    supports_donate_button_in_live_video talking_about_count temporary_status unread_message_count
    unread_notif_count unseen_message_count user_access_expire_time username verification_status
    voip_info website were_here_count whatsapp_number written_by
    """)
POST_FIELDS = names("""
    actions admin_creator allowed_advertising_objectives application backdated_time call_to_action
    can_reply_privately child_attachments comments_mirroring_domain coordinates created_time event
    expanded_height expanded_width feed_targeting from full_picture height icon id instagram_eligibility
    is_app_share is_eligible_for_dark_post is_eligible_for_promotion is_expired is_fb_live_videos
    is_hidden is_inline_created is_instagram_eligible is_live_clip is_popular is_published is_spherical
    message message_tags multi_share_end_card multi_share_optimized parent_id permalink_url picture
    place privacy promotable_id promotion_status properties scheduled_publish_time shares status_type
    story story_tags subscribed target targeting timeline_visibility updated_time via
    video_buying_eligibility was_fb_live_videos width
    """)
COMMENT_FIELDS = names("""
    admin_creator application attachment can_comment can_hide can_like can_remove can_reply_privately
    comment_count created_time from id is_hidden is_private like_count live_broadcast_timestamp message
    message_tags object parent permalink_url private_reply_conversation user_likes
    """)
PHOTO_FIELDS = names("""
    album alt_text alt_text_custom backdated_time backdated_time_granularity can_backdate can_delete
    can_tag created_time event from height icon id images link name name_tags page_story_id picture
    place position source target updated_time webp_images width
    """)
FEED = names("""
    actions album_id android_key_hash application_id asked_fun_fact_prompt_id asset3d_id associated_id
    attach_place_suggestion attached_media audience_exp backdated_time backdated_time_granularity
    breaking_news breaking_news_expiration call_to_action caption child_attachments client_mutation_id
    composer_entry_picker composer_entry_point composer_entry_time composer_session_events_log
    composer_session_id composer_source_surface composer_type connection_class content_attachment
    coordinates cta_link cta_type description direct_share_status enforce_link_ownership expanded_height
    expanded_width feed_targeting formatting fun_fact_prompt_id fun_fact_toastee_id height
    home_checkin_city_id image_crops implicit_with_tags instant_game_entry_point_data ios_bundle_id
    is_backout_draft is_boost_intended is_explicit_location is_explicit_share is_group_linking_post
    is_photo_container link location_source_id manual_privacy message multi_share_end_card
    multi_share_optimized name nectar_module object_attachment og_action_type_id
    og_hide_object_attachment og_icon_id og_object_id og_phrase og_set_profile_badge
    og_suggestion_mechanism page_recommendation picture place place_attachment_setting place_list
    place_list_data post_surfaces_blacklist posting_to_redspace privacy prompt_id prompt_tracking_string
    properties proxied_app_id publish_event_id published quote ref referenceable_image_ids referral_id
    scheduled_publish_time source sponsor_id sponsor_relationship suggested_place_id tags target_surface
    targeting text_format_metadata text_format_preset_id text_only_place thumbnail
    time_since_original_post title tracking_info unpublished_content_type user_selected_tags
    video_start_time_ms viewer_coordinates width
    """)
PHOTOS = names("""
    aid allow_spherical_photo alt_text_custom android_key_hash application_id attempt audience_exp
    backdated_time backdated_time_granularity caption composer_entry_point composer_session_id
    direct_share_status feed_targeting filter_type full_res_is_coming_later
    initial_view_heading_override_degrees initial_view_pitch_override_degrees
    initial_view_vertical_fov_override_degrees ios_bundle_id is_explicit_location is_explicit_place
    location_source_id manual_privacy message name nectar_module no_story offline_id og_action_type_id
    og_icon_id og_object_id og_phrase og_set_profile_badge og_suggestion_mechanism parent_media_id place
    privacy profile_id proxied_app_id published qn scheduled_publish_time spherical_metadata sponsor_id
    sponsor_relationship tags target_id targeting temporary time_since_original_post uid
    unpublished_content_type url user_selected_tags vault_image_id
    """)
MESSAGES = names("""
    folder message messaging_type notification_type payload persona_id recipient reply_to sender_action
    suggestion_action tag thread_control
    """)
EDIT_POST = names("""
    attached_media backdated_time backdated_time_granularity composer_session_id direct_share_status
    explicitly_added_mentionee_ids feed_story_visibility is_explicit_location is_hidden is_pinned
    is_published message og_action_type_id og_hide_object_attachment og_icon_id og_object_id og_phrase
    og_set_profile_badge og_suggestion_mechanism place privacy product_item scheduled_publish_time
    should_sync_product_edit source_type sponsor_id sponsor_relationship tags text_format_preset_id
    timeline_visibility tracking
    """)
COMMENT_ON = names("""
    attachment_id attachment_share_url attachment_url comment_privacy_value facepile_mentioned_ids
    feedback_source is_offline message nectar_module object_id parent_comment_id text tracking
    """)
COMMENT_ON_POST = names("""
    attachment_id attachment_share_url attachment_url comment comment_privacy_value feedback_source
    message nectar_module parent_comment_id post_id tracking
    """)
EDIT_COMMENT = names("""
    attachment_id attachment_share_url attachment_url is_hidden message
    """)
LIKE = names("""
    attribution_id_v2 feedback_source nectar_module tracking
    """)
INSIGHTS = names("""
    breakdown date_preset metric period show_description_from_api_doc since until
    """)
LIST_POSTS = names("""
    include_hidden limit show_expired with
    """)
LIST_COMMENTS = names("""
    filter live_filter order since
    """)
EXTRA_PAGE_FIELDS = names("picture feed posts published_posts tagged photos conversations")
THREAD_FIELDS = names("""
    can_reply folder former_participants id is_owner is_subscribed link linked_group message_count name participants
    scoped_thread_key senders snippet unread_count updated_time wallpaper
    """)
EXTRA_POST_FIELDS = names("attachments comments likes reactions insights to")
EXTRA_COMMENT_FIELDS = names("comments likes reactions")
EXTRA_PHOTO_FIELDS = names("comments likes")
# Taken everywhere, whatever the edge.
EVERYWHERE = names("""
    access_token appsecret_proof appsecret_time date_format debug fields format include_headers locale metadata
    method pretty return_ssl_resources suppress_http_code
    """)
PAGED = names("after before limit offset since until summary total_count")

# What `fields` may say of what is inside: its kind, its names, and the arguments of a connection. They are the SDK's
# too, but for attachments, shares and the type of a reaction, which are only in the reference (graph-api/reference).
# assumed: everything else inside is refused, and the sentence.
KINDS = {
    "Page": PAGE_FIELDS | EXTRA_PAGE_FIELDS,
    "Post": POST_FIELDS | EXTRA_POST_FIELDS,
    "Comment": COMMENT_FIELDS | EXTRA_COMMENT_FIELDS,
    "Photo": PHOTO_FIELDS | EXTRA_PHOTO_FIELDS,
    "UnifiedThread": THREAD_FIELDS | names("messages"),
    "Message": names("attachments created_time from id message shares sticker tags to"),
    "MessageAttachment": names("file_url id image_data mime_type name size video_data"),
    "MessageImage": names("animated_gif_url height image_type max_height max_width preview_url url width"),
    "User": names("id name"),
    "Profile": names("id name type"),
    "StoryAttachment": names("description media media_type subattachments target title type unshimmed_url url"),
    "StoryAttachmentMedia": names("image source"),
    "StoryAttachmentTarget": names("id url"),
    "ProfilePictureSource": names("bottom cache_key height is_silhouette left right top url width"),
    "PlatformImageSource": names("height source width"),
    "Image": names("height src width"),
    "Shares": names("count"),
    "InsightsResult": names("description id name period title values"),
}
INSIDE = {
    ("Page", "picture"): "ProfilePictureSource",
    ("Page", "feed"): "Post",
    ("Page", "posts"): "Post",
    ("Page", "published_posts"): "Post",
    ("Page", "tagged"): "Post",
    ("Page", "photos"): "Photo",
    ("Page", "conversations"): "UnifiedThread",
    ("UnifiedThread", "messages"): "Message",
    ("UnifiedThread", "participants"): "User",
    ("Message", "attachments"): "MessageAttachment",
    ("Message", "from"): "User",
    ("Message", "to"): "User",
    ("MessageAttachment", "image_data"): "MessageImage",
    ("Post", "attachments"): "StoryAttachment",
    ("Post", "comments"): "Comment",
    ("Post", "from"): "User",
    ("Post", "insights"): "InsightsResult",
    ("Post", "likes"): "Profile",
    ("Post", "reactions"): "Profile",
    ("Post", "shares"): "Shares",
    ("Comment", "attachment"): "StoryAttachment",
    ("Comment", "comments"): "Comment",
    ("Comment", "from"): "User",
    ("Comment", "likes"): "Profile",
    ("Comment", "object"): "Post",
    ("Comment", "parent"): "Comment",
    ("Comment", "reactions"): "Profile",
    ("Photo", "comments"): "Comment",
    ("Photo", "from"): "User",
    ("Photo", "images"): "PlatformImageSource",
    ("Photo", "likes"): "Profile",
    ("StoryAttachment", "media"): "StoryAttachmentMedia",
    ("StoryAttachment", "subattachments"): "StoryAttachment",
    ("StoryAttachment", "target"): "StoryAttachmentTarget",
    ("StoryAttachmentMedia", "image"): "Image",
}
# By connection, whatever it hangs on; a page's `insights` take two more.
ARGUMENTS = {
    "attachments": PAGED,
    "comments": LIST_COMMENTS | PAGED,
    "conversations": names("folder platform tags updated_after_ms updated_before_ms user_id") | PAGED,
    "feed": LIST_POSTS | PAGED,
    "insights": names("date_preset metric period since until") | PAGED,
    "likes": PAGED,
    "messages": names("source") | PAGED,
    "photos": PAGED,
    "picture": names("height redirect type width"),
    "posts": LIST_POSTS | PAGED,
    "published_posts": LIST_POSTS | PAGED,
    "reactions": names("type") | PAGED,
    "tagged": PAGED,
}
CHOICES = {
    "filter": ("stream", "toplevel"),
    "order": ("chronological", "reverse_chronological"),
    "platform": ("instagram", "messenger", "INSTAGRAM", "MESSENGER"),
}
